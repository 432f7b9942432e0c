-- @description StemDesk: separate selected items into stems
-- @about Takes the selected audio items apart. Each stem comes back on a track of its own, as a
--   child of the item's track, at the item's place; the item is muted. One undo step.
-- SPDX-License-Identifier: GPL-3.0-or-later

-- `stemdesk plugins install reaper` writes the program's own place here.
local PROGRAM = "@STEMDESK@"

local TITLE = "StemDesk"
-- What is separated beyond both ends of an item, so that its edges can be dragged afterwards.
local HANDLE_SECONDS = 1.0
local POLL_SECONDS = 0.1
-- StemDesk counts on every quarter of a second; a computer that pages may take long to begin.
local SILENT_SECONDS = 60.0
local MARK = "P_EXT:stemdesk_stem"

-- Copied to the stems, so that they sound like the item and sum to it.
local ITEM_NUMBERS = {
  "D_POSITION", "D_LENGTH", "D_SNAPOFFSET", "D_VOL", "C_BEATATTACHMODE",
  "D_FADEINLEN", "D_FADEOUTLEN", "D_FADEINDIR", "D_FADEOUTDIR",
  "D_FADEINLEN_AUTO", "D_FADEOUTLEN_AUTO", "C_FADEINSHAPE", "C_FADEOUTSHAPE",
}
local TAKE_NUMBERS = {
  "D_VOL", "D_PAN", "D_PANLAW", "D_PLAYRATE", "D_PITCH", "B_PPITCH", "I_CHANMODE", "I_PITCHMODE",
}

local project = reaper.EnumProjects(-1)
local jobs = {}
local complaints = {}
local last_poll = 0

-- Text files ---------------------------------------------------------------------------------

local function escaped(text)
  return (text:gsub("[%%\t\n\r]", function(letter) return ("%%%02X"):format(letter:byte()) end))
end

local function unescaped(text)
  return (text:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

local function write_lines(path, lines)
  local file, reason = io.open(path, "wb")
  if not file then return nil, reason end
  for _, line in ipairs(lines) do file:write(line[1], "\t", escaped(line[2]), "\n") end
  file:close()
  return true
end

-- A list of lines, each a list of its parts; nil where there is no file yet.
local function read_lines(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local lines = {}
  for line in file:lines() do
    local parts = {}
    for part in (line .. "\t"):gmatch("([^\t]*)\t") do parts[#parts + 1] = unescaped(part) end
    lines[#lines + 1] = parts
  end
  file:close()
  return lines
end

-- Starting -----------------------------------------------------------------------------------

local function quoted(text)
  -- What REAPER starts, it takes apart at spaces outside of quotes, and knows no escapes.
  if not text:find('"', 1, true) then return '"' .. text .. '"' end
  if not text:find("'", 1, true) then return "'" .. text .. "'" end
  return nil
end

local function program()
  local file = io.open(PROGRAM, "rb")
  if not file then return "stemdesk" end
  file:close()
  return PROGRAM
end

local function name_of(take)
  local _, name = reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", "", false)
  return name ~= "" and name or "an item without a name"
end

-- Why stems of this take would not sum to it; nil if they will.
local function unfit(take, source)
  if reaper.TakeIsMIDI(take) then return "is MIDI: select audio" end
  if reaper.GetMediaSourceType(source) == "SECTION" then
    return "is a section or reversed: glue it first (Item > Glue items)"
  end
  if reaper.GetTakeNumStretchMarkers(take) > 0 or reaper.TakeFX_GetCount(take) > 0
      or reaper.CountTakeEnvelopes(take) > 0 then
    return "has take effects, envelopes or stretch markers: glue it first (Item > Glue items)"
  end
  if reaper.GetMediaSourceFileName(source) == "" then
    return "has no file: save the project, or glue it first"
  end
  return nil
end

-- What of the source is heard, and some more, in whole samples: start and end in seconds.
local function passage(item, take, source)
  local length = reaper.GetMediaSourceLength(source)
  local rate_hz = reaper.GetMediaSourceSampleRate(source)
  local first = reaper.GetMediaItemTakeInfo_Value(take, "D_STARTOFFS")
  local speed = reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE")
  local last = first + reaper.GetMediaItemInfo_Value(item, "D_LENGTH") * speed
  local loops = reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC") == 1
      and last > length + 0.5 / rate_hz
  if loops then return 0, length, true end
  local start = math.floor(math.max(first - HANDLE_SECONDS, 0) * rate_hz) / rate_hz
  local stop = math.ceil(math.min(last + HANDLE_SECONDS, length) * rate_hz) / rate_hz
  return start, math.min(stop, length), false
end

local function folder_for(number)
  local stamp = os.date("%Y%m%d-%H%M%S")
  return ("%s/StemDesk/%s-%d-%d"):format(
    reaper.GetProjectPath(), stamp, math.floor(reaper.time_precise() * 1000) % 100000, number)
end

local function start_job(item, number)
  local take = reaper.GetActiveTake(item)
  if not take then return "An empty item cannot be separated: select audio" end
  local source = reaper.GetMediaItemTake_Source(take)
  local problem = unfit(take, source)
  if problem then return name_of(take) .. " " .. problem end
  local start, stop, loops = passage(item, take, source)
  if stop <= start then return name_of(take) .. " has no sound in it: move its start" end
  local folder = folder_for(number)
  reaper.RecursiveCreateDirectory(folder, 0)
  local lines = {
    { "input", reaper.GetMediaSourceFileName(source) },
    { "output", folder },
    { "start_seconds", ("%.9f"):format(start) },
  }
  if stop < reaper.GetMediaSourceLength(source) or start > 0 then
    lines[#lines + 1] = { "duration_seconds", ("%.9f"):format(stop - start) }
  end
  local written, reason = write_lines(folder .. "/request.txt", lines)
  if not written then
    return ("The folder %s cannot be written to (%s): save the project elsewhere")
      :format(folder, reason)
  end
  local executable, place = quoted(program()), quoted(folder)
  if not executable or not place then
    return ("The path %s holds both kinds of quotes: save the project elsewhere"):format(folder)
  end
  reaper.ExecProcess(executable .. " plugins job " .. place, -2)
  jobs[#jobs + 1] = {
    item = item, take = take, folder = folder, start = start, loops = loops,
    name = name_of(take), fraction = 0, stage = "starting", beat = "",
    heard = reaper.time_precise(),
  }
  return nil
end

-- Waiting ------------------------------------------------------------------------------------

local function finish_job(job, problem)
  job.finished = true
  if problem then complaints[#complaints + 1] = job.name .. ": " .. problem end
  for _, name in ipairs({ "request.txt", "status.txt", "cancel.txt" }) do
    os.remove(job.folder .. "/" .. name)
  end
end

local function poll_job(job)
  local now = reaper.time_precise()
  local lines = read_lines(job.folder .. "/status.txt") or {}
  local told = { stems = {} }
  for _, line in ipairs(lines) do
    if line[1] == "stem" then
      told.stems[#told.stems + 1] = { name = line[2], colour = line[3], path = line[4] }
    else
      told[line[1]] = line[2]
    end
  end
  if told.state == "done" then
    job.stems = told.stems
    finish_job(job)
  elseif told.state == "failed" then
    finish_job(job, told.error)
  elseif told.state == "cancelled" then
    finish_job(job)
  elseif told.state == "running" and told.beat ~= job.beat then
    job.beat, job.heard = told.beat, now
    job.fraction, job.stage = tonumber(told.fraction) or 0, told.stage
  elseif now - job.heard > SILENT_SECONDS then
    finish_job(job, "StemDesk does not answer: run `stemdesk plugins install reaper` in a "
      .. "terminal, and try again")
  end
end

local function all_finished()
  for _, job in ipairs(jobs) do
    if not job.finished then return false end
  end
  return true
end

local function show_progress(text)
  local fraction, stage = 0, ""
  for _, job in ipairs(jobs) do
    fraction = fraction + (job.finished and 1 or job.fraction) / #jobs
    if not job.finished then stage = job.stage end
  end
  gfx.set(0.12, 0.13, 0.15)
  gfx.rect(0, 0, gfx.w, gfx.h, 1)
  gfx.set(0.34, 0.71, 0.91)
  gfx.rect(12, 40, math.floor((gfx.w - 24) * fraction), 12, 1)
  gfx.set(0.9, 0.91, 0.93)
  gfx.x, gfx.y = 12, 14
  gfx.drawstr(text or ("%d %%  %s (close to stop)"):format(math.floor(fraction * 100), stage))
  gfx.update()
end

local function ask_to_stop()
  for _, job in ipairs(jobs) do
    if not job.finished then write_lines(job.folder .. "/cancel.txt", {}) end
  end
end

-- Putting stems back -------------------------------------------------------------------------

local function stem_track_of(parent, name)
  for index = 0, reaper.CountTracks(project) - 1 do
    local track = reaper.GetTrack(project, index)
    if reaper.GetParentTrack(track) == parent then
      local _, mark = reaper.GetSetMediaTrackInfo_String(track, MARK, "", false)
      if mark == name then return track end
    end
  end
  return nil
end

local function new_track(index, stem)
  reaper.InsertTrackAtIndex(index, true)
  local track = reaper.GetTrack(project, index)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", stem.name, true)
  reaper.GetSetMediaTrackInfo_String(track, MARK, stem.name, true)
  local red, green, blue = stem.colour:match("^(%x%x)(%x%x)(%x%x)$")
  local colour = reaper.ColorToNative(
    tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16))
  reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", colour | 0x1000000)
  return track
end

-- The stems' tracks below the item's own, which becomes (or stays) their folder: what its fader
-- and its effects do, they do to the sum of the stems.
local function stem_tracks(parent, stems)
  local tracks, missing = {}, {}
  for _, stem in ipairs(stems) do
    tracks[stem.name] = stem_track_of(parent, stem.name)
    if not tracks[stem.name] then missing[#missing + 1] = stem end
  end
  local depth = reaper.GetMediaTrackInfo_Value(parent, "I_FOLDERDEPTH")
  local below = math.floor(reaper.GetMediaTrackInfo_Value(parent, "IP_TRACKNUMBER"))
  for number, stem in ipairs(missing) do
    tracks[stem.name] = new_track(below + number - 1, stem)
  end
  if depth < 1 and #missing > 0 then
    reaper.SetMediaTrackInfo_Value(parent, "I_FOLDERDEPTH", 1)
    reaper.SetMediaTrackInfo_Value(tracks[missing[#missing].name], "I_FOLDERDEPTH", depth - 1)
  end
  return tracks
end

local function add_stem(job, stem, track)
  local item = reaper.AddMediaItemToTrack(track)
  local take = reaper.AddTakeToMediaItem(item)
  reaper.SetMediaItemTake_Source(take, reaper.PCM_Source_CreateFromFile(stem.path))
  for _, name in ipairs(ITEM_NUMBERS) do
    reaper.SetMediaItemInfo_Value(item, name, reaper.GetMediaItemInfo_Value(job.item, name))
  end
  reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", job.loops and 1 or 0)
  for _, name in ipairs(TAKE_NUMBERS) do
    reaper.SetMediaItemTakeInfo_Value(
      take, name, reaper.GetMediaItemTakeInfo_Value(job.take, name))
  end
  local first = reaper.GetMediaItemTakeInfo_Value(job.take, "D_STARTOFFS")
  reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", first - job.start)
  reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", job.name .. " - " .. stem.name, true)
end

local function put_back(job)
  if not reaper.ValidatePtr2(project, job.item, "MediaItem*")
      or not reaper.ValidatePtr2(project, job.take, "MediaItem_Take*") then
    complaints[#complaints + 1] = ("%s is gone: its stems are in %s"):format(job.name, job.folder)
    return
  end
  local tracks = stem_tracks(reaper.GetMediaItem_Track(job.item), job.stems)
  for _, stem in ipairs(job.stems) do add_stem(job, stem, tracks[stem.name]) end
  reaper.SetMediaItemInfo_Value(job.item, "B_MUTE", 1)
end

local function put_all_back()
  local done = {}
  for _, job in ipairs(jobs) do
    if job.stems then done[#done + 1] = job end
  end
  if #done == 0 then return end
  reaper.Undo_BeginBlock2(project)
  reaper.PreventUIRefresh(1)
  for _, job in ipairs(done) do put_back(job) end
  reaper.PreventUIRefresh(-1)
  reaper.TrackList_AdjustWindows(false)
  reaper.Main_OnCommand(40047, 0) -- build peaks that are missing
  reaper.UpdateArrange()
  reaper.Undo_EndBlock2(
    project, #done == 1 and "StemDesk: separate item" or "StemDesk: separate items", -1)
end

local function complain()
  if #complaints > 0 then
    reaper.ShowMessageBox(table.concat(complaints, "\n\n"), TITLE, 0)
  end
end

-- The whole ----------------------------------------------------------------------------------

local stopping = false

local function tick()
  local now = reaper.time_precise()
  if now - last_poll < POLL_SECONDS then return reaper.defer(tick) end
  last_poll = now
  for _, job in ipairs(jobs) do
    if not job.finished then poll_job(job) end
  end
  if not stopping and gfx.getchar() < 0 then
    stopping = true
    ask_to_stop()
  end
  if not all_finished() then
    if not stopping then show_progress() end
    return reaper.defer(tick)
  end
  -- Tracks are made in the project that is in front.
  if reaper.EnumProjects(-1) ~= project then
    if not stopping then show_progress("Done. Go back to the project's tab.") end
    return reaper.defer(tick)
  end
  gfx.quit()
  put_all_back()
  complain()
end

for number = 0, reaper.CountSelectedMediaItems(project) - 1 do
  local problem = start_job(reaper.GetSelectedMediaItem(project, number), number)
  if problem then complaints[#complaints + 1] = problem end
end
if #jobs > 0 then
  gfx.init(TITLE, 420, 70)
  tick()
else
  if #complaints == 0 then complaints[1] = "Nothing is selected: select audio items" end
  complain()
end
