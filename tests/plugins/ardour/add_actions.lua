-- Run by Ardour's own Lua: writes the file `ui_scripts` as Ardour does when a user adds actions,
-- with the factories as byte code, as which alone it keeps them.
local out = assert (os.getenv ("UI_SCRIPTS"))
local scripts = {}
for path in os.getenv ("SCRIPTS"):gmatch ("[^\n]+") do
	local file = assert (io.open (path, "rb"))
	local text = file:read ("a")
	file:close ()
	local name
	ardour = function (told) name = told.name end
	assert (load (text)) ()
	scripts[#scripts + 1] = { n = name, s = text, f = string.dump (factory, true) }
end
local state = { "scripts = {}" }
for number, script in ipairs (scripts) do
	state[#state + 1] = ("scripts[%d] = {}"):format (number)
	for key, value in pairs (script) do
		state[#state + 1] = ("scripts[%d][%q] = %q"):format (number, key, value)
	end
	state[#state + 1] = ('scripts[%d]["a"] = {}'):format (number)
end
local file = assert (io.open (out, "wb"))
file:write (table.concat (state, " "))
file:close ()
