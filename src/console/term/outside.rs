//! What is written outside the frame: the window's title, the bell, the clipboard.
//!
//! Must not draw. Each function gives the bytes; `Terminal` writes them.

use super::TermError;

/// Most base64 bytes of a copy that terminals take.
pub const COPY_CAP: usize = 74_994;
/// Most characters of a title.
const TITLE_CAP: usize = 200;
/// The bell.
pub const BELL: &[u8] = b"\x07";

/// Sets the window's title. Control characters become spaces, so that none can end the title and go on as a command.
pub fn title(text: &str) -> Vec<u8> {
    let safe: String = text
        .chars()
        .take(TITLE_CAP)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("\x1b]2;{safe}\x1b\\").into_bytes()
}

/// Sends text to the clipboard of the terminal, through tmux when inside it. Whether it arrives cannot be known.
pub fn copy(text: &str, tmux: bool) -> Result<Vec<u8>, TermError> {
    let encoded = base64(text.as_bytes());
    if encoded.len() > COPY_CAP {
        return Err(TermError::TooLongToCopy {
            bytes: text.len(),
            most: COPY_CAP / 4 * 3,
        });
    }
    // tmux passes on what stands in its wrapper, with each Esc doubled. Nowhere else may a DCS be sent: PuTTY shows it as text.
    let bytes = if tmux {
        format!("\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")
    } else {
        format!("\x1b]52;c;{encoded}\x1b\\")
    };
    Ok(bytes.into_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, i| {
            bits << 8 | u32::from(three.get(i).copied().unwrap_or(0))
        });
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= three.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_plain_or_wrapped_for_tmux() {
        assert_eq!(copy("坪山", false).unwrap(), b"\x1b]52;c;5Z2q5bGx\x1b\\");
        assert_eq!(
            copy("ab", true).unwrap(),
            b"\x1bPtmux;\x1b\x1b]52;c;YWI=\x07\x1b\\"
        );
        assert_eq!(copy("a", false).unwrap(), b"\x1b]52;c;YQ==\x1b\\");
    }

    #[test]
    fn more_than_terminals_take_is_refused() {
        assert!(copy(&"a".repeat(COPY_CAP / 4 * 3), false).is_ok());
        assert!(matches!(
            copy(&"a".repeat(COPY_CAP / 4 * 3 + 1), false),
            Err(TermError::TooLongToCopy { .. })
        ));
    }

    #[test]
    fn a_title_cannot_carry_a_command() {
        let bytes = title("红 3\x1b\\\x07\u{9c}\u{90}\n黄");
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\x1b]2;红 3 \\    黄\x1b\\"
        );
    }
}
