ardour {
	["type"] = "EditorAction",
	name = "StemDesk: Separate Region",
	license = "GPL",
	author = "StemDesk",
	description = [[
Takes the selected audio regions apart. Each stem comes back on a track of its own at the region's
place, named and coloured; the region is muted.

Edit > Preferences > General > "Sandbox all Lua scripts" must be off where there is such a setting.
]],
}

-- Ardour keeps the factory alone, as byte code: everything has to be inside of it.
function factory () return function ()
	-- `stemdesk plugins install ardour` writes the program's own place here.
	local PROGRAM = "@STEMDESK@"
	local TITLE = "StemDesk"
	local POLL_MICROSECONDS = 50000
	-- StemDesk counts on every quarter of a second; a computer that pages may take long to begin.
	local SILENT_SECONDS = 60

	local complaints = {}

	local function complain (sentence)
		complaints[#complaints + 1] = sentence
	end

	-- Text files -----------------------------------------------------------------------------

	local function escaped (text)
		return (text:gsub ("[%%\t\n\r]", function (letter)
			return ("%%%02X"):format (letter:byte ())
		end))
	end

	local function unescaped (text)
		return (text:gsub ("%%(%x%x)", function (code)
			return string.char (tonumber (code, 16))
		end))
	end

	local function write_lines (path, lines)
		local file, reason = io.open (path, "wb")
		if not file then return nil, reason end
		for _, line in ipairs (lines) do
			file:write (line[1], "\t", escaped (line[2]), "\n")
		end
		file:close ()
		return true
	end

	local function read_status (path)
		local told = { stems = {} }
		local file = io.open (path, "rb")
		if not file then return told end
		for line in file:lines () do
			local parts = {}
			for part in (line .. "\t"):gmatch ("([^\t]*)\t") do
				parts[#parts + 1] = unescaped (part)
			end
			if parts[1] == "stem" then
				told.stems[#told.stems + 1] = { name = parts[2], colour = parts[3], path = parts[4] }
			else
				told[parts[1]] = parts[2]
			end
		end
		file:close ()
		return told
	end

	-- The program ----------------------------------------------------------------------------

	local function quoted (text)
		return "'" .. text:gsub ("'", "'\\''") .. "'"
	end

	local is_windows = io.open ("/bin/sh", "rb") == nil

	local function program ()
		local file = io.open (PROGRAM, "rb")
		if not file then return "stemdesk" end
		file:close ()
		return PROGRAM
	end

	local function run (command)
		os.execute (command)
	end

	local function make_folder (path)
		if is_windows then
			run ('mkdir "' .. path:gsub ("/", "\\") .. '"')
		else
			run ("mkdir -p " .. quoted (path))
		end
	end

	local function start_program (folder)
		if is_windows then
			run (('start "" /B "%s" plugins job "%s"'):format (program (), folder))
		else
			run (("%s plugins job %s </dev/null >/dev/null 2>&1 &")
				:format (quoted (program ()), quoted (folder)))
		end
	end

	-- What is selected -----------------------------------------------------------------------

	local function track_of (region)
		for route in Session:get_tracks ():iter () do
			local playlist = route:to_track ():playlist ()
			if not playlist:isnil () and not playlist:region_by_id (region:to_stateful ():id ()):isnil () then
				return route
			end
		end
		return nil
	end

	local function files_of (region)
		local files = {}
		for channel = 0, region:n_channels () - 1 do
			local source = region:source (channel):to_filesource ()
			if source:isnil () then return nil end
			files[#files + 1] = source:path ()
		end
		return files
	end

	local function job_of (region, number)
		local files = files_of (region)
		if not files then
			complain (region:name () .. " is a compound region: bounce it first")
			return nil
		end
		local folder = ("%s/StemDesk/%s-%d"):format (
			Session:path ():gsub ("[/\\]+$", ""), os.date ("%Y%m%d-%H%M%S"), number)
		make_folder (folder)
		-- Samples and seconds are those of the file, which may have another rate than the session
		-- only while it is imported; afterwards they are the session's.
		local rate_hz = Session:nominal_sample_rate ()
		local lines = {
			{ "output", folder },
			{ "start_seconds", ("%.9f"):format (region:start ():samples () / rate_hz) },
			{ "duration_seconds", ("%.9f"):format (region:length ():samples () / rate_hz) },
		}
		local seen = {}
		for _, file in ipairs (files) do
			-- The channels of one file are told once.
			if not seen[file] then lines[#lines + 1] = { "input", file } end
			seen[file] = true
		end
		local written, reason = write_lines (folder .. "/request.txt", lines)
		if not written then
			complain (("The folder %s cannot be written to (%s)"):format (folder, reason))
			return nil
		end
		start_program (folder)
		return { region = region, folder = folder, fraction = 0, beat = "", silent = 0 }
	end

	-- Waiting --------------------------------------------------------------------------------

	local function poll (job)
		local told = read_status (job.folder .. "/status.txt")
		job.silent = job.silent + POLL_MICROSECONDS / 1e6
		if told.state == "done" then
			job.finished, job.stems = true, told.stems
		elseif told.state == "failed" then
			job.finished = true
			complain (job.region:name () .. ": " .. told.error)
		elseif told.state == "cancelled" then
			job.finished = true
		elseif told.state == "running" and told.beat ~= job.beat then
			job.beat, job.silent = told.beat, 0
			job.fraction, job.stage = tonumber (told.fraction) or 0, told.stage
		elseif job.silent > SILENT_SECONDS then
			job.finished = true
			complain ("StemDesk does not answer: run `stemdesk plugins install ardour` in a "
				.. "terminal, and add the script again")
		end
		if job.finished then
			for _, name in ipairs ({ "request.txt", "status.txt", "cancel.txt" }) do
				os.remove (job.folder .. "/" .. name)
			end
		end
	end

	local function wait_for (jobs)
		local window = LuaDialog.ProgressWindow (TITLE, true)
		local stopping = false
		while true do
			local fraction, left, stage = 0, 0, ""
			for _, job in ipairs (jobs) do
				if not job.finished then poll (job) end
				if not job.finished then
					left, stage = left + 1, job.stage or "starting"
				end
				fraction = fraction + (job.finished and 1 or job.fraction) / #jobs
			end
			if left == 0 then break end
			-- Draws the window, and lets Ardour work on.
			window:progress (fraction, stage)
			if window:canceled () and not stopping then
				stopping = true
				for _, job in ipairs (jobs) do
					if not job.finished then write_lines (job.folder .. "/cancel.txt", {}) end
				end
			end
			ARDOUR.LuaAPI.usleep (POLL_MICROSECONDS)
		end
		window:done ()
	end

	-- Putting stems back ---------------------------------------------------------------------

	local function track_ids ()
		local ids = {}
		for route in Session:get_tracks ():iter () do
			ids[route:to_stateful ():id ():to_s ()] = true
		end
		return ids
	end

	local function new_track (before)
		for route in Session:get_tracks ():iter () do
			if not before[route:to_stateful ():id ():to_s ()] then return route end
		end
		return nil
	end

	local function import (stem, position)
		local before = track_ids ()
		local files = C.StringVector ()
		files:push_back (stem.path)
		Editor:do_import (files,
			Editing.ImportDistinctFiles, Editing.ImportAsTrack, ARDOUR.SrcQuality.SrcBest,
			ARDOUR.MidiTrackNameSource.SMFTrackName, ARDOUR.MidiTempoMapDisposition.SMFTempoIgnore,
			position, ARDOUR.PluginInfo (), ARDOUR.Track (), false)
		return new_track (before)
	end

	-- Level and fades of the original, so that the stems sum to what it was.
	local function dress (track, original)
		for region in track:to_track ():playlist ():region_list ():iter () do
			local stem = region:to_audioregion ()
			stem:set_scale_amplitude (original:scale_amplitude ())
			stem:set_fade_in_active (original:fade_in_active ())
			stem:set_fade_out_active (original:fade_out_active ())
		end
	end

	local function put_back (job)
		local position = job.region:position ()
		local source_track = track_of (job.region)
		for _, stem in ipairs (job.stems) do
			local track = import (stem, position)
			if not track then
				complain (("Ardour did not import %s"):format (stem.path))
				return
			end
			local name = source_track and source_track:name () .. " " .. stem.name or stem.name
			track:set_name (name)
			track:presentation_info_ptr ():set_color (tonumber (stem.colour .. "FF", 16))
			dress (track, job.region)
		end
		Session:begin_reversible_command ("StemDesk: mute the separated region")
		job.region:to_stateful ():clear_changes ()
		job.region:set_muted (true)
		if Session:add_stateful_diff_command (job.region:to_statefuldestructible ()):empty () then
			Session:abort_reversible_command ()
		else
			Session:commit_reversible_command (nil)
		end
	end

	-- The whole ------------------------------------------------------------------------------

	local jobs = {}
	if not os.execute then
		complain ("Scripts may not start programs: switch off Edit > Preferences > General > "
			.. '"Sandbox all Lua scripts", and start Ardour again')
	else
		for each in Editor:get_selection ().regions:regionlist ():iter () do
			local region = each:to_audioregion ()
			if region:isnil () then
				complain (each:name () .. " is no audio: select audio regions")
			else
				jobs[#jobs + 1] = job_of (region, #jobs)
			end
		end
		if #jobs > 0 then
			wait_for (jobs)
			for _, job in ipairs (jobs) do
				if job.stems then put_back (job) end
			end
		elseif #complaints == 0 then
			complain ("Nothing is selected: select audio regions")
		end
	end
	if #complaints > 0 then
		LuaDialog.Message (TITLE, table.concat (complaints, "\n\n"),
			LuaDialog.MessageType.Warning, LuaDialog.ButtonType.Close):run ()
	end
end end
