//! The rules of a citizen-request command centre, pure: no clock, no files, no SQL. Start at `workflow`.
