//! From bytes to letters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// How letters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// What nearly all programs of today write.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);
    /// What Excel writes as "Unicode text".
    pub const UTF_16LE: Self = Self(encoding_rs::UTF_16LE);
    /// The same with the bytes in the other order.
    pub const UTF_16BE: Self = Self(encoding_rs::UTF_16BE);
    /// What Excel writes as "CSV" in western Europe; Latin-1 is within it.
    pub const WINDOWS_1252: Self = Self(encoding_rs::WINDOWS_1252);

    /// Those that are offered where somebody has to choose.
    pub const OFFERED: &[Self] = &[
        Self::UTF_8,
        Self::WINDOWS_1252,
        Self::UTF_16LE,
        Self::UTF_16BE,
        Self(encoding_rs::WINDOWS_1250),
        Self(encoding_rs::WINDOWS_1251),
        Self(encoding_rs::WINDOWS_1253),
        Self(encoding_rs::WINDOWS_1254),
        Self(encoding_rs::WINDOWS_1255),
        Self(encoding_rs::WINDOWS_1256),
        Self(encoding_rs::WINDOWS_1257),
        Self(encoding_rs::WINDOWS_1258),
        Self(encoding_rs::MACINTOSH),
        Self(encoding_rs::IBM866),
        Self(encoding_rs::GB18030),
        Self(encoding_rs::BIG5),
        Self(encoding_rs::SHIFT_JIS),
        Self(encoding_rs::EUC_KR),
    ];

    /// The name by which programs know it.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding of this name, if it is one that is offered.
    pub fn parse(name: &str) -> Option<Self> {
        Self::OFFERED
            .iter()
            .copied()
            .find(|encoding| encoding.name().eq_ignore_ascii_case(name))
    }
}

/// A text and how it was written.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text. Where bytes made no letter it has U+FFFD.
    pub(super) text: String,
    /// How it was written.
    pub(super) encoding: Encoding,
    /// Whether some bytes made no letter.
    pub(super) unreadable: bool,
}

/// Reads the letters of a file.
pub(super) fn decode(bytes: &[u8], wanted: Option<Encoding>) -> Decoded {
    let (marked, mark) = encoding_rs::Encoding::for_bom(bytes)
        .map_or((None, 0), |(encoding, length)| (Some(Encoding(encoding)), length));
    let body = bytes.get(mark..).unwrap_or_default();
    let encoding = wanted.or(marked).unwrap_or_else(|| guess(body));
    let (text, unreadable) = encoding.0.decode_without_bom_handling(body);
    Decoded {
        text: text.into_owned(),
        encoding,
        unreadable,
    }
}

/// The signs of western Europe that stand in tables without any letter beyond ASCII, as in a bank's statement: the pound,
/// the euro, quotation marks, dashes, a space that does not break. Alone they tell nothing to a guess by letters.
const SIGNS: &[u8] = b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xa3\xa9\xae\xb0\xb7\xbc\xbd\xbe";

fn guess(bytes: &[u8]) -> Encoding {
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    let (letters, no_letters) = utf8(bytes);
    // A stray byte among many letters is damage, or a row pasted from elsewhere: the rest is still UTF-8. Old
    // encodings hardly ever make a letter of it by accident.
    if no_letters == 0 || letters > no_letters {
        return Encoding::UTF_8;
    }
    let signs_alone = bytes.iter().all(|byte| byte.is_ascii() || SIGNS.contains(byte));
    // In front of a digit it is the pound, and not the letter of another alphabet.
    let pounds = bytes
        .windows(2)
        .any(|pair| pair[0] == 0xa3 && pair[1].is_ascii_digit());
    if signs_alone || pounds {
        return Encoding::WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    Encoding(detector.guess(None, Utf8Detection::Deny))
}

/// UTF-16 without a mark: plain letters have a zero in every other place.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    let pairs: Vec<[u8; 2]> = bytes
        .chunks_exact(2)
        .take(1_024)
        .filter_map(|pair| pair.try_into().ok())
        .collect();
    let zeros = |place: fn(&[u8; 2]) -> u8| pairs.iter().filter(|pair| place(pair) == 0).count();
    let (first, second) = (zeros(|pair| pair[0]), zeros(|pair| pair[1]));
    let most = |zeros: usize| zeros * 10 > pairs.len() * 4;
    let few = |zeros: usize| zeros * 20 < pairs.len();
    if most(second) && few(first) {
        Some(Encoding::UTF_16LE)
    } else if most(first) && few(second) {
        Some(Encoding::UTF_16BE)
    } else {
        None
    }
}

/// How many letters beyond ASCII these bytes are in UTF-8, and how many places are no letter.
fn utf8(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(letters, no_letters), chunk| {
        let beyond = chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        (
            letters + beyond,
            no_letters + usize::from(!chunk.invalid().is_empty()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Encoding, decode};

    fn check(bytes: &[u8], encoding: Encoding, text: &str) {
        let decoded = decode(bytes, None);
        assert_eq!(
            (decoded.encoding.name(), decoded.text.as_str()),
            (encoding.name(), text)
        );
    }

    #[test]
    fn letters_are_found_out() {
        check("Zoë,é".as_bytes(), Encoding::UTF_8, "Zoë,é");
        check(b"\xef\xbb\xbfa,b", Encoding::UTF_8, "a,b");
        check(
            b"Name,Town\nZo\xeb Smith,Caf\xe9 Street\n",
            Encoding::WINDOWS_1252,
            "Name,Town\nZoë Smith,Café Street\n",
        );
        check(
            b"Price\n\x80 5 \x96 7\n",
            Encoding::WINDOWS_1252,
            "Price\n€ 5 – 7\n",
        );
        check(
            b"a,b,c\n1,2,3\n4,5,\xa9",
            Encoding::WINDOWS_1252,
            "a,b,c\n1,2,3\n4,5,©",
        );
    }

    #[test]
    fn wide_letters_with_and_without_a_mark() {
        let little: Vec<u8> = "Name,é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "Name,é\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&little, Encoding::UTF_16LE, "Name,é\n");
        check(&big, Encoding::UTF_16BE, "Name,é\n");
        check(
            &[b"\xff\xfe", little.as_slice()].concat(),
            Encoding::UTF_16LE,
            "Name,é\n",
        );
        check(
            &[b"\xfe\xff", big.as_slice()].concat(),
            Encoding::UTF_16BE,
            "Name,é\n",
        );
    }

    #[test]
    fn other_scripts_in_old_encodings() {
        let (greek, _, _) =
            encoding_rs::WINDOWS_1253.encode("Όνομα,Πόλη\nΓιώργος Παπαδόπουλος,Θεσσαλονίκη\n");
        check(
            &greek,
            Encoding(encoding_rs::WINDOWS_1253),
            "Όνομα,Πόλη\nΓιώργος Παπαδόπουλος,Θεσσαλονίκη\n",
        );
        let (polish, _, _) =
            encoding_rs::WINDOWS_1250.encode("Imię,Miasto\nŁukasz Żółkiewski,Łódź\nŚwięta,Gdańsk\n");
        check(
            &polish,
            Encoding(encoding_rs::WINDOWS_1250),
            "Imię,Miasto\nŁukasz Żółkiewski,Łódź\nŚwięta,Gdańsk\n",
        );
    }

    #[test]
    fn one_stray_byte_does_not_spoil_the_rest() {
        let decoded = decode("Zoë\né\nü\n".as_bytes(), None);
        assert!(!decoded.unreadable);
        let mut bytes = "Zoë\né\nü\n".as_bytes().to_vec();
        bytes.extend(b"Caf\xe9\n");
        let decoded = decode(&bytes, None);
        assert_eq!(
            (decoded.encoding, decoded.text.as_str()),
            (Encoding::UTF_8, "Zoë\né\nü\nCaf\u{fffd}\n")
        );
        assert!(decoded.unreadable);
    }

    #[test]
    fn what_is_wished_for_is_done() {
        let mac = Encoding::parse("macintosh").expect("offered");
        assert_eq!(decode(b"caf\x8e", Some(mac)).text, "café");
        assert_eq!(Encoding::parse("utf-7"), None);
    }
}
