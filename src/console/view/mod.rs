//! Draws `&Model`; changes nothing.
