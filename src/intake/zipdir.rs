//! A zip archive's directory, looked at before anything is unpacked: bombs are refused by what they declare.
//!
//! What an archive declares falsely is caught by the limits of the process that unpacks it. Start at [`check`].

/// Entries taken at most.
const MOST_ENTRIES: usize = 2_000;
/// Unpacked bytes of one entry taken at most.
const LARGEST_ENTRY: u64 = 100 * 1024 * 1024;
/// Unpacked bytes of all entries taken at most.
const LARGEST_TOTAL: u64 = 200 * 1024 * 1024;
/// Unpacked bytes for each packed one, in entries beyond a megabyte.
const STEEPEST: u64 = 200;

/// Why an archive is not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZipFault {
    /// No directory, or a broken one.
    Broken,
    /// More than any honest workbook has of what is named.
    Bomb(&'static str),
}

/// Checks the archive's directory against the limits.
pub fn check(bytes: &[u8]) -> Result<(), ZipFault> {
    let end = end_record(bytes).ok_or(ZipFault::Broken)?;
    let count = u16_at(bytes, end + 10).ok_or(ZipFault::Broken)? as usize;
    let mut at = u32_at(bytes, end + 16).ok_or(ZipFault::Broken)? as usize;
    if count > MOST_ENTRIES {
        return Err(ZipFault::Bomb("entries"));
    }
    let mut total = 0;
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(b"PK\x01\x02") {
            return Err(ZipFault::Broken);
        }
        let field = |offset| {
            u32_at(bytes, at + offset)
                .map(u64::from)
                .ok_or(ZipFault::Broken)
        };
        let (packed, unpacked) = (field(20)?, field(24)?);
        if unpacked > LARGEST_ENTRY {
            return Err(ZipFault::Bomb("bytes in one entry"));
        }
        if unpacked > 1024 * 1024 && unpacked / packed.max(1) > STEEPEST {
            return Err(ZipFault::Bomb("compression"));
        }
        total += unpacked;
        let length = |offset| {
            u16_at(bytes, at + offset)
                .map(usize::from)
                .ok_or(ZipFault::Broken)
        };
        at += 46 + length(28)? + length(30)? + length(32)?;
    }
    if total > LARGEST_TOTAL {
        return Err(ZipFault::Bomb("bytes in all"));
    }
    Ok(())
}

/// Where the directory's end record stands, looked for from the end.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(22)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last)
        .rev()
        .find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A directory of entries with these packed and unpacked sizes, without the entries.
    fn directory(entries: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (packed, unpacked) in entries {
            let mut entry = [0_u8; 46];
            entry[..4].copy_from_slice(b"PK\x01\x02");
            entry[20..24].copy_from_slice(&packed.to_le_bytes());
            entry[24..28].copy_from_slice(&unpacked.to_le_bytes());
            bytes.extend_from_slice(&entry);
        }
        let mut end = [0_u8; 22];
        end[..4].copy_from_slice(b"PK\x05\x06");
        end[10..12].copy_from_slice(&(entries.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&end);
        bytes
    }

    #[test]
    fn each_limit_is_kept() {
        let megabyte = 1024 * 1024;
        let check = |entries: &[(u32, u32)]| super::check(&directory(entries));
        assert_eq!(check(&[(megabyte, 100 * megabyte)]), Ok(()));
        assert_eq!(
            check(&[(megabyte, 100 * megabyte + 1)]),
            Err(ZipFault::Bomb("bytes in one entry"))
        );
        assert_eq!(
            check(&[(megabyte / 10, 50 * megabyte)]),
            Err(ZipFault::Bomb("compression"))
        );
        assert_eq!(
            check(&[(megabyte, 80 * megabyte); 3]),
            Err(ZipFault::Bomb("bytes in all"))
        );
        assert_eq!(check(&vec![(1, 1); MOST_ENTRIES]), Ok(()));
        assert_eq!(
            check(&vec![(1, 1); MOST_ENTRIES + 1]),
            Err(ZipFault::Bomb("entries"))
        );
        assert_eq!(super::check(b"PK"), Err(ZipFault::Broken));
    }

    proptest! {
        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), end in any::<[u8; 18]>()) {
            bytes.extend_from_slice(b"PK\x05\x06");
            bytes.extend_from_slice(&end);
            let _ = check(&bytes);
        }
    }
}
