-- REAPER as far as a script may know it, after its published ReaScript API: a function it does not
-- have, a wrong number or kind of arguments, or a parameter name that is unknown ends the program.
-- Usage: lua stub.lua SCRIPT SCENARIO. Prints the project at the end as JSON.

local script, scenario_path = arg[1], arg[2]
local scenario = dofile(scenario_path)

local function class(name, fields)
  return { class = name, fields = fields }
end

local ITEM = class("MediaItem*", { B_MUTE = 0, B_LOOPSRC = 1, D_POSITION = 0, D_LENGTH = 0,
  D_SNAPOFFSET = 0, D_VOL = 1, C_BEATATTACHMODE = -1, D_FADEINLEN = 0.01, D_FADEOUTLEN = 0.01,
  D_FADEINDIR = 0, D_FADEOUTDIR = 0, D_FADEINLEN_AUTO = -1, D_FADEOUTLEN_AUTO = -1,
  C_FADEINSHAPE = 0, C_FADEOUTSHAPE = 0 })
local TAKE = class("MediaItem_Take*", { D_STARTOFFS = 0, D_VOL = 1, D_PAN = 0, D_PANLAW = -1,
  D_PLAYRATE = 1, D_PITCH = 0, B_PPITCH = 1, I_CHANMODE = 0, I_PITCHMODE = -1 })
local TRACK = class("MediaTrack*", { I_FOLDERDEPTH = 0, IP_TRACKNUMBER = 0, I_CUSTOMCOLOR = 0 })
local SOURCE = class("PCM_source*", {})
local PROJECT = class("ReaProject*", {})

local function new(kind, values)
  local numbers = {}
  for name, value in pairs(kind.fields) do numbers[name] = value end
  for name, value in pairs(values or {}) do
    assert(kind.fields[name], "the scenario sets an unknown " .. name)
    numbers[name] = value
  end
  return { kind = kind, numbers = numbers, texts = {} }
end

-- The project of the scenario ----------------------------------------------------------------

local project, other_project = new(PROJECT), new(PROJECT)
local tracks, selected = {}, {}
local in_front = project

local function new_take(values, source)
  local take = new(TAKE, values)
  take.source = source
  return take
end

local function source_of(file, told)
  local source = new(SOURCE)
  source.file, source.type = file, told.type or "WAVE"
  source.seconds, source.rate_hz = told.seconds, told.rate_hz
  return source
end

for _, told in ipairs(scenario.tracks) do
  local track = new(TRACK, { I_FOLDERDEPTH = told.depth or 0 })
  track.texts.P_NAME, track.items = told.name, {}
  tracks[#tracks + 1] = track
  for _, told_item in ipairs(told.items or {}) do
    local item = new(ITEM, told_item.numbers)
    item.track = track
    if told_item.take then
      item.take = new_take(told_item.take, source_of(told_item.source.file, told_item.source))
      item.take.texts.P_NAME = told_item.name or "a take"
      for _, name in ipairs({ "midi", "stretch_markers", "effects", "envelopes" }) do
        item.take[name] = told_item[name]
      end
      item.take.item = item
    end
    track.items[#track.items + 1] = item
    if told_item.selected then selected[#selected + 1] = item end
  end
end

local function number_of(track)
  for number, each in ipairs(tracks) do
    if each == track then return number end
  end
  error("a track that is not in the project")
end

-- The folder a track lies in, by the depths of those above it.
local function parent_of(track)
  local open = {}
  for _, each in ipairs(tracks) do
    if each == track then return open[#open] end
    local depth = each.numbers.I_FOLDERDEPTH
    if depth == 1 then open[#open + 1] = each end
    for _ = 1, -depth do open[#open] = nil end
  end
end

-- Checked calls ------------------------------------------------------------------------------

local KINDS = { item = ITEM, take = TAKE, track = TRACK, source = SOURCE, project = PROJECT }

local function check(name, place, wanted, value)
  local kind = KINDS[wanted]
  if wanted == "any" then return end
  if kind then
    assert(type(value) == "table" and value.kind == kind,
      ("%s: argument %d is no %s"):format(name, place, wanted))
    assert(not value.gone, name .. ": used something that has been deleted")
  else
    assert((wanted == "integer" and math.type(value) or type(value)) == wanted,
      ("%s: argument %d is %s, no %s"):format(name, place, tostring(value), wanted))
  end
end

local function strict(title, functions)
  local checked = {}
  for declaration, body in pairs(functions) do
    local name, wanted = declaration:match("^(%S+)%s*(.*)$")
    local kinds = {}
    for kind in wanted:gmatch("%S+") do kinds[#kinds + 1] = kind end
    checked[name] = function(...)
      local count = select("#", ...)
      assert(count == #kinds, ("%s takes %d arguments, not %d"):format(name, #kinds, count))
      for place, kind in ipairs(kinds) do check(name, place, kind, (select(place, ...))) end
      return body(...)
    end
  end
  return setmetatable({}, {
    __index = function(_, name)
      return checked[name] or error(title .. " has no function " .. tostring(name), 2)
    end,
    __newindex = function(_, name) error(title .. "." .. name .. " may not be set", 2) end,
  })
end

local function get_number(object, name)
  if name == "IP_TRACKNUMBER" then return number_of(object) + 0.0 end
  return object.numbers[name] and object.numbers[name] + 0.0 or error("unknown parameter " .. name)
end

local function set_number(object, name, value)
  assert(name ~= "IP_TRACKNUMBER", "IP_TRACKNUMBER is read-only")
  assert(object.kind.fields[name], "unknown parameter " .. name)
  object.numbers[name] = value
  return true
end

local function get_set_text(object, name, value, set)
  assert(name == "P_NAME" or name:match("^P_EXT:"), "unknown parameter " .. name)
  if set then object.texts[name] = value end
  return object.texts[name] ~= nil, object.texts[name] or ""
end

-- Programs ------------------------------------------------------------------------------------

-- The words of a command line: quotes of both kinds, and no escapes.
local function words_of(line)
  local words, at = {}, 1
  while at <= #line do
    local quote = line:sub(at, at)
    local stop
    if quote == '"' or quote == "'" then
      stop = assert(line:find(quote, at + 1, true), "a quote without its partner")
      words[#words + 1] = line:sub(at + 1, stop - 1)
    elseif quote ~= " " then
      stop = (line:find(" ", at, true) or #line + 1) - 1
      words[#words + 1] = line:sub(at, stop)
    end
    at = (stop or at) + 1
  end
  return words
end

local commands = {}

local function exec_process(line, timeout_ms)
  assert(timeout_ms == -2, "this would stop REAPER until the program ends")
  commands[#commands + 1] = line
  if scenario.dead then return "" end
  local shell = {}
  for _, word in ipairs(words_of(line)) do
    shell[#shell + 1] = "'" .. word:gsub("'", "'\\''") .. "'"
  end
  assert(os.execute(table.concat(shell, " ") .. " >/dev/null 2>&1 </dev/null &"))
  return ""
end

-- The API --------------------------------------------------------------------------------------

local deferred, undo, messages, refresh, open_block = {}, {}, {}, 0, false
local started, ticks = os.time(), 0

reaper = strict("reaper", {
  ["EnumProjects integer"] = function(index)
    assert(index == -1)
    return in_front, ""
  end,
  ["CountSelectedMediaItems project"] = function() return #selected end,
  ["GetSelectedMediaItem project integer"] = function(_, index) return selected[index + 1] end,
  ["GetActiveTake item"] = function(item) return item.take end,
  ["GetMediaItem_Track item"] = function(item) return item.track end,
  ["GetMediaItemTake_Source take"] = function(take) return take.source end,
  ["TakeIsMIDI take"] = function(take) return take.midi or false end,
  ["GetTakeNumStretchMarkers take"] = function(take) return take.stretch_markers or 0 end,
  ["TakeFX_GetCount take"] = function(take) return take.effects or 0 end,
  ["CountTakeEnvelopes take"] = function(take) return take.envelopes or 0 end,
  ["GetMediaSourceType source"] = function(source) return source.type end,
  ["GetMediaSourceFileName source"] = function(source) return source.file end,
  ["GetMediaSourceLength source"] = function(source) return source.seconds, false end,
  ["GetMediaSourceSampleRate source"] = function(source) return source.rate_hz end,
  ["GetMediaItemInfo_Value item string"] = get_number,
  ["SetMediaItemInfo_Value item string number"] = set_number,
  ["GetMediaItemTakeInfo_Value take string"] = get_number,
  ["SetMediaItemTakeInfo_Value take string number"] = set_number,
  ["GetSetMediaItemTakeInfo_String take string string boolean"] = get_set_text,
  ["GetMediaTrackInfo_Value track string"] = get_number,
  ["SetMediaTrackInfo_Value track string number"] = set_number,
  ["GetSetMediaTrackInfo_String track string string boolean"] = get_set_text,
  ["CountTracks project"] = function() return #tracks end,
  ["GetTrack project integer"] = function(_, index) return tracks[index + 1] end,
  ["GetParentTrack track"] = parent_of,
  ["InsertTrackAtIndex integer boolean"] = function(index)
    assert(index >= 0 and index <= #tracks)
    assert(in_front == project, "a track for the wrong project")
    assert(open_block, "a change outside of an undo block")
    local track = new(TRACK)
    track.items = {}
    table.insert(tracks, index + 1, track)
  end,
  ["AddMediaItemToTrack track"] = function(track)
    assert(open_block, "a change outside of an undo block")
    local item = new(ITEM)
    item.track = track
    track.items[#track.items + 1] = item
    return item
  end,
  ["AddTakeToMediaItem item"] = function(item)
    item.take = new_take()
    item.take.item = item
    return item.take
  end,
  ["SetMediaItemTake_Source take source"] = function(take, source)
    take.source = source
    return true
  end,
  ["PCM_Source_CreateFromFile string"] = function(path)
    assert(io.open(path, "rb"), "there is no file " .. path):close()
    return source_of(path, {})
  end,
  ["ValidatePtr2 project any string"] = function(_, object, kind)
    return not object.gone and object.kind.class == kind
  end,
  ["ColorToNative integer integer integer"] = function(red, green, blue)
    return red | green << 8 | blue << 16
  end,
  ["GetProjectPath"] = function() return scenario.project_path end,
  ["RecursiveCreateDirectory string integer"] = function(path)
    return os.execute("mkdir -p '" .. path:gsub("'", "'\\''") .. "'") and 1 or 0
  end,
  ["ExecProcess string integer"] = exec_process,
  ["time_precise"] = function() return os.time() - started + ticks * 0.05 * (scenario.haste or 1) end,
  ["defer function"] = function(body) deferred[#deferred + 1] = body end,
  ["Undo_BeginBlock2 project"] = function()
    assert(not open_block)
    open_block = true
  end,
  ["Undo_EndBlock2 project string integer"] = function(_, name, flags)
    assert(open_block and flags == -1)
    open_block = false
    undo[#undo + 1] = name
  end,
  ["PreventUIRefresh integer"] = function(step) refresh = refresh + step end,
  ["TrackList_AdjustWindows boolean"] = function() end,
  ["UpdateArrange"] = function() end,
  ["Main_OnCommand integer integer"] = function(command) assert(command == 40047) end,
  ["ShowMessageBox string string integer"] = function(text, _, kind)
    assert(kind == 0)
    messages[#messages + 1] = text
    return 1
  end,
})

local window
gfx = setmetatable({ w = 420, h = 70, x = 0, y = 0 }, {
  __index = strict("gfx", {
    ["init string integer integer"] = function() window = "open" end,
    ["quit"] = function() window = "closed" end,
    ["set number number number"] = function() end,
    ["rect integer integer integer integer integer"] = function(_, _, width)
      assert(width >= 0)
    end,
    ["drawstr string"] = function() end,
    ["update"] = function() end,
    ["getchar"] = function()
      if scenario.close_after and ticks >= scenario.close_after then return -1 end
      return 0
    end,
  }),
})

-- The run ---------------------------------------------------------------------------------------

dofile(script)
while #deferred > 0 do
  ticks = ticks + 1
  assert(ticks < 12000, "the script polls for ever")
  if scenario.before_tick then scenario.before_tick(ticks, {
    tracks = tracks, commands = commands, delete = function(item) item.gone, item.take.gone = true, true end,
    switch = function(away) in_front = away and other_project or project end,
  }) end
  local now = deferred
  deferred = {}
  for _, body in ipairs(now) do body() end
  if #deferred > 0 and not scenario.haste then os.execute("sleep 0.05") end
end
assert(not open_block and refresh == 0, "the screen or the undo block was left hanging")

local function json(value)
  if type(value) == "table" and (value[1] ~= nil or next(value) == nil) then
    local parts = {}
    for place, each in ipairs(value) do parts[place] = json(each) end
    return "[" .. table.concat(parts, ",") .. "]"
  elseif type(value) == "table" then
    local parts = {}
    for name, each in pairs(value) do parts[#parts + 1] = json(name) .. ":" .. json(each) end
    return "{" .. table.concat(parts, ",") .. "}"
  elseif type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(letter)
      return ("\\u%04x"):format(letter:byte())
    end) .. '"'
  elseif type(value) == "number" then
    return ("%.17g"):format(value)
  end
  return tostring(value)
end

local told_tracks = {}
for _, track in ipairs(tracks) do
  local items = {}
  for _, item in ipairs(track.items) do
    items[#items + 1] = { numbers = item.numbers, take = item.take and item.take.numbers or false,
      name = item.take and item.take.texts.P_NAME or "", file = item.take and item.take.source.file or "" }
  end
  local parent = parent_of(track)
  told_tracks[#told_tracks + 1] = { name = track.texts.P_NAME or "", items = items,
    depth = track.numbers.I_FOLDERDEPTH, colour = track.numbers.I_CUSTOMCOLOR,
    parent = parent and parent.texts.P_NAME or "" }
end
print(json({ tracks = told_tracks, undo = undo, messages = messages, commands = commands,
  window = window or "none", ticks = ticks }))
