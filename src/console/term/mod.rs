//! Bytes in, bytes out: tty reader, escape parser, backend, guard, capabilities. Imports nothing of ours.
