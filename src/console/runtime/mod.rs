//! The loop: threads, clock, effects to service, answers to messages.
