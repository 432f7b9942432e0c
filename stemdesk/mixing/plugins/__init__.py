"""Third-party plug-ins: each lives in a child process of its own, so that a bad one harms nobody.

Nothing is imported here: the child (`host`) starts with numpy and pedalboard only.
"""

HOST_FLAG = "--plugin-host"
"""First argument of a frozen application that is started once more, to be the child."""
