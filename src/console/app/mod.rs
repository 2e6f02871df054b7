//! State and update: model, messages, effects, screens. No clock, no I/O, no drawing.
