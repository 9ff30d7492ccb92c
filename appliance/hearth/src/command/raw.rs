//! `hearth read`: registers of a device in the raw.

use serde::Serialize;
use system::client::{Client, ClientError, Kind, Registers};

use super::Fault;
use super::out::{Form, Out, Paint};
use super::table::{Stand, Table};
use crate::cli::Read;

/// The answer as JSON.
#[derive(Debug, Serialize)]
struct RawView<'a> {
    bus: &'a str,
    unit: u8,
    function: &'static str,
    address: u16,
    words: &'a [u16],
}

pub(super) async fn answer(client: &Client, read: &Read, out: &mut Out) -> Result<(), Fault> {
    let question = Registers {
        bus: read.bus.clone(),
        unit: read.unit,
        function: if read.holding { "holding" } else { "input" },
        address: read.register,
        count: read.count,
    };
    let words = client.read(&question).await.map_err(refused)?;
    if out.form == Form::Json {
        let Registers {
            bus,
            unit,
            function,
            address,
            ..
        } = &question;
        let view = RawView {
            bus,
            unit: *unit,
            function,
            address: *address,
            words: &words,
        };
        return out.line(&serde_json::to_string(&view)?);
    }
    out.text(&show(question.address, &words, out.paint))
}

/// How the devices are doing says something about an answer that did not come, and nothing about a question that
/// cannot be put.
fn refused(error: ClientError) -> Fault {
    let silent = matches!(
        error,
        ClientError::Refused {
            kind: Kind::Failed,
            ..
        }
    );
    let fault = Fault::from(error);
    if silent {
        return fault.or_else_do("`hearth devices` shows how the devices of the bus are doing.");
    }
    fault
}

fn show(first: u16, words: &[u16], paint: Paint) -> String {
    let mut table = Table::new(&[
        ("REGISTER", Stand::Right),
        ("", Stand::Left),
        ("HEX", Stand::Left),
        ("UNSIGNED", Stand::Right),
        ("SIGNED", Stand::Right),
        ("LETTERS", Stand::Left),
        ("WITH THE NEXT, AS FLOAT32", Stand::Right),
    ]);
    for (place, word) in words.iter().enumerate() {
        let register = u16::try_from(place)
            .ok()
            .and_then(|place| first.checked_add(place))
            .unwrap_or(u16::MAX);
        let pair = words
            .get(place + 1)
            .map(|next| float(*word, *next))
            .unwrap_or_default();
        table.row([
            register.to_string().into(),
            format!("0x{register:04x}").into(),
            format!("{word:04x}").into(),
            word.to_string().into(),
            i16::from_be_bytes(word.to_be_bytes()).to_string().into(),
            letters(*word).into(),
            pair.into(),
        ]);
    }
    table.show(paint)
}

/// The two bytes as letters; a dot where there is none.
fn letters(word: u16) -> String {
    let letter = |byte: u8| {
        if byte.is_ascii_graphic() || byte == b' ' {
            char::from(byte)
        } else {
            '.'
        }
    };
    word.to_be_bytes().map(letter).iter().collect()
}

/// Two words as a float32, where that is a number that somebody may have meant.
fn float(high: u16, low: u16) -> String {
    let value = f32::from_bits(u32::from(high) << 16 | u32::from(low));
    let size = value.abs();
    if value == 0.0 || (1e-6..1e12).contains(&size) {
        value.to_string()
    } else {
        "-".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use system::client::{ClientError, Kind};

    use super::super::out::Paint;
    use super::super::table::{WIDTH, letters};
    use super::{refused, show};

    #[test]
    fn devices_are_pointed_at_only_where_one_did_not_answer() {
        let remedy = |kind| {
            refused(ClientError::Refused {
                kind,
                sentence: "no".to_owned(),
            })
            .remedy
        };
        assert!(remedy(Kind::Failed).contains("hearth devices"));
        for kind in [Kind::BadInput, Kind::NotThere, Kind::NotAllowed] {
            assert_eq!(remedy(kind), "");
        }
    }

    #[test]
    fn words_are_shown_in_every_way_they_may_be_meant() {
        let words = [0x4366, 0x8000, 0xffff, 0x5375, 0x6e53, 0x7fc0, 0x0000];
        let shown = show(40_000, &words, Paint::Off);
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
        expect![[r#"
            REGISTER          HEX   UNSIGNED  SIGNED  LETTERS  WITH THE NEXT, AS FLOAT32
               40000  0x9c40  4366     17254   17254  Cf                           230.5
               40001  0x9c41  8000     32768  -32768  ..                               -
               40002  0x9c42  ffff     65535      -1  ..                               -
               40003  0x9c43  5375     21365   21365  Su                               -
               40004  0x9c44  6e53     28243   28243  nS                               -
               40005  0x9c45  7fc0     32704   32704  ..                               -
               40006  0x9c46  0000         0       0  ..
        "#]]
        .assert_eq(&shown);
    }
}
