ardour { ["type"] = "EditorAction", name = "Driver", author = "StemDesk's tests" }

-- Brings a file in, trims and moves its region, selects that, runs StemDesk's action on it, and
-- says what the session is then. One snapshot is saved before, one after.
function factory () return function ()
	local PLACE = "@PLACE@"

	local begun = io.open (PLACE .. "/begun", "rb")
	if begun then return end
	io.open (PLACE .. "/begun", "wb"):close ()

	local function import (path, position)
		local files = C.StringVector ()
		files:push_back (path)
		Editor:do_import (files,
			Editing.ImportDistinctFiles, Editing.ImportAsTrack, ARDOUR.SrcQuality.SrcBest,
			ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore,
			position, ARDOUR.PluginInfo (), ARDOUR.Track (), false)
	end

	local function each_region (body)
		for route in Session:get_tracks ():iter () do
			for region in route:to_track ():playlist ():region_list ():iter () do
				body (route, region:to_audioregion ())
			end
		end
	end

	Session:add_master_bus (ARDOUR.ChanCount (ARDOUR.DataType ("audio"), 2))
	import (PLACE .. "/song.wav", Temporal.timepos_t (0))
	local selection = ArdourUI.SelectionList ()
	each_region (function (_, region)
		region:trim_front (Temporal.timepos_t (20001))
		region:trim_end (Temporal.timepos_t (70003))
		region:set_position (Temporal.timepos_t (123457))
		region:set_scale_amplitude (0.5)
		selection:push_back (Editor:regionview_from_region (region))
	end)
	Editor:set_selection (selection, ArdourUI.SelectionOp.Set)
	Session:save_state ("before")

	Editor:access_action ("LuaAction", "script-1")

	Session:save_state ("after")
	local report = io.open (PLACE .. "/report.partial", "wb")
	each_region (function (route, region)
		report:write (table.concat ({
			route:name (), ("%08X"):format (route:presentation_info_ptr ():color ()),
			region:position ():samples (), region:length ():samples (), region:n_channels (),
			region:muted () and "muted" or "heard", region:scale_amplitude (),
		}, "\t"), "\n")
	end)
	report:close ()
	os.rename (PLACE .. "/report.partial", PLACE .. "/report.txt")
end end
