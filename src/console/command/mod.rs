//! One table of commands: id, keys, scope, availability, label, help.
