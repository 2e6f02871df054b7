//! Files to values: paths, configuration, policy editions, calendars, directory, keymap.
