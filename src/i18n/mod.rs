//! Every sentence the program says, in Chinese and English.
