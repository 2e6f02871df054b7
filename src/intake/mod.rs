//! Foreign data to drafts: CSV, XLSX, JSON Lines, Open311, mail; encodings; mappings. Touches no store.
