//! What past tickets tell: text, the department suggested, duplicates, hot spots. Pure; learns from what it is given.
