//! Files that only whoever has a key can read, in the format of age (age-encryption.org/v1), X25519 recipients only.
//!
//! The format is four steps over primitives that others have written: a key for the file is wrapped for each recipient,
//! the head is sealed with it, and the content is cut into pieces of 64 KiB, each sealed under its number and the last one
//! marked, so that a file that is cut short is noticed. A test reads what is written here with another program
//! (`tests/src/foreign`), and reads here what that one wrote. Not the crate `age`: it brings second versions of two dozen
//! libraries, of which this is in need of none.

use std::io::{self, Read, Write};

use bech32::{Bech32, Hrp};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac};
use sha2::Sha256;
use x25519_dalek::{PublicKey, StaticSecret};

/// The first line of every file.
const VERSION: &str = "age-encryption.org/v1";
/// What begins the line of a recipient.
const STANZA: &str = "-> X25519 ";
const WRAP: &[u8] = b"age-encryption.org/v1/X25519";
/// So many bytes are sealed at a time.
const CHUNK: usize = 64 * 1024;
/// What sealing adds to each of them.
const TAG: usize = 16;
/// The longest line of a head, and the most recipients; a head is no place to fill a memory with.
const LONGEST_LINE: usize = 128;
const MOST_LINES: usize = 64;

/// Somebody who can read: the public half of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

impl Recipient {
    /// The key of these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As programs for age write it: `age1...`.
    pub fn text(&self) -> String {
        bech32::encode::<Bech32>(Hrp::parse_unchecked("age"), &self.0).unwrap_or_default()
    }
}

/// The secret half of a key.
#[derive(Clone)]
pub struct Identity(StaticSecret);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// The key of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(StaticSecret::from(bytes))
    }

    /// A key that nobody had before.
    pub fn draw(random: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = [0; 32];
        random(&mut bytes);
        Self::from_bytes(bytes)
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Its public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&self.0).to_bytes())
    }

    /// As programs for age read it: `AGE-SECRET-KEY-1...`.
    pub fn text(&self) -> String {
        let written = bech32::encode::<Bech32>(Hrp::parse_unchecked("age-secret-key-"), &self.0.to_bytes());
        written.unwrap_or_default().to_uppercase()
    }
}

/// The key that wraps a file's key for one recipient.
fn wrapping(shared: &[u8; 32], share: &[u8; 32], recipient: &[u8; 32]) -> ChaCha20Poly1305 {
    let salt = [share.as_slice(), recipient].concat();
    cipher(shared, &salt, WRAP)
}

fn cipher(key: &[u8], salt: &[u8], info: &[u8]) -> ChaCha20Poly1305 {
    let mut bytes = [0; 32];
    derive(key, salt, info, &mut bytes);
    ChaCha20Poly1305::new(&Key::from(bytes))
}

fn derive(key: &[u8], salt: &[u8], info: &[u8], out: &mut [u8; 32]) {
    Hkdf::<Sha256>::new(Some(salt), key)
        .expand(info, out)
        .expect("invariant: 32 bytes are not too many for HKDF");
}

/// The seal of a head: over everything up to and with its last `---`.
fn head_seal(file_key: &[u8; 16], head: &[u8]) -> Hmac<Sha256> {
    let mut key = [0; 32];
    derive(file_key, &[], b"header", &mut key);
    let mut seal =
        <Hmac<Sha256> as KeyInit>::new_from_slice(&key).expect("invariant: HMAC takes keys of any length");
    seal.update(head);
    seal
}

/// Which piece, and whether it is the last.
fn nonce(number: u64, last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::from(bytes)
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Writes what only its recipients can read. Nothing can be read of it before [`Encrypt::finish`].
pub(crate) struct Encrypt<W: Write> {
    out: W,
    cipher: ChaCha20Poly1305,
    number: u64,
    chunk: Vec<u8>,
}

impl<W: Write> Encrypt<W> {
    /// Begins a file for these recipients.
    pub(crate) fn new(
        mut out: W,
        recipients: &[Recipient],
        random: &mut dyn FnMut(&mut [u8]),
    ) -> io::Result<Self> {
        let (mut file_key, mut salt) = ([0; 16], [0; 16]);
        random(&mut file_key);
        random(&mut salt);
        let mut head = format!("{VERSION}\n");
        for recipient in recipients {
            let once = Identity::draw(random);
            let share = once.recipient();
            let shared = once.0.diffie_hellman(&PublicKey::from(recipient.0));
            let wrapped = wrapping(shared.as_bytes(), &share.0, &recipient.0)
                .encrypt(&Nonce::from([0; 12]), file_key.as_slice())
                .map_err(|_| damaged("the key of a file could not be wrapped"))?;
            head += &format!("{STANZA}{}\n{}\n", letters(&share.0), letters(&wrapped));
        }
        head += "---";
        let seal = head_seal(&file_key, head.as_bytes()).finalize().into_bytes();
        writeln!(out, "{head} {}", letters(&seal))?;
        out.write_all(&salt)?;
        Ok(Self {
            out,
            cipher: cipher(&file_key, &salt, b"payload"),
            number: 0,
            chunk: Vec::with_capacity(CHUNK),
        })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let sealed = self
            .cipher
            .encrypt(&nonce(self.number, last), self.chunk.as_slice())
            .map_err(|_| damaged("a piece could not be sealed"))?;
        self.out.write_all(&sealed)?;
        self.number += 1;
        self.chunk.clear();
        Ok(())
    }

    /// Writes the last piece and gives back what it was written to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Encrypt<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The last piece may be full too, so that a full one waits until more comes.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Why a file cannot be read.
#[derive(Debug)]
pub(crate) enum Closed {
    /// It was not written for this key.
    OtherKey,
    /// It is damaged, or no file of this kind.
    Io(io::Error),
}

impl From<io::Error> for Closed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads what was written for one of its recipients.
pub(crate) struct Decrypt<R: Read> {
    from: R,
    cipher: ChaCha20Poly1305,
    number: u64,
    /// What was read and not yet opened: one byte more than a piece, by which the last one is known.
    sealed: Vec<u8>,
    open: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Decrypt<R> {
    /// Reads the head of a file with the key of one of its recipients.
    pub(crate) fn new(mut from: R, identity: &Identity) -> Result<Self, Closed> {
        let mut head = line(&mut from)?;
        if head != format!("{VERSION}\n").as_bytes() {
            return Err(damaged("it does not begin like a file of age").into());
        }
        let mut found = None;
        for _ in 0..MOST_LINES {
            let next = line(&mut from)?;
            if let Some(seal) = next.strip_prefix(b"--- ") {
                let Some(file_key) = found else {
                    return Err(Closed::OtherKey);
                };
                head.extend_from_slice(b"---");
                let seal = seal.strip_suffix(b"\n").and_then(bytes_of);
                let fits = |seal: &Vec<u8>| head_seal(&file_key, &head).verify_slice(seal).is_ok();
                seal.filter(fits)
                    .ok_or_else(|| damaged("the head of the file was changed"))?;
                return Self::content(from, &file_key).map_err(Closed::Io);
            }
            if let Some(share) = next.strip_prefix(STANZA.as_bytes()) {
                let body = line(&mut from)?;
                found = found.or_else(|| unwrap(identity, share, &body));
                head.extend_from_slice(&next);
                head.extend_from_slice(&body);
            } else {
                head.extend_from_slice(&next);
            }
        }
        Err(damaged("its head has no end").into())
    }

    fn content(mut from: R, file_key: &[u8; 16]) -> io::Result<Self> {
        let mut salt = [0; 16];
        from.read_exact(&mut salt)?;
        Ok(Self {
            from,
            cipher: cipher(file_key, &salt, b"payload"),
            number: 0,
            sealed: Vec::new(),
            open: Vec::new(),
            given: 0,
            ended: false,
        })
    }

    /// Opens the next piece; there is one.
    fn next(&mut self) -> io::Result<()> {
        let whole = CHUNK + TAG;
        let wanted = u64::try_from(whole + 1 - self.sealed.len()).unwrap_or_default();
        self.from.by_ref().take(wanted).read_to_end(&mut self.sealed)?;
        let last = self.sealed.len() <= whole;
        let piece = &self.sealed[..self.sealed.len().min(whole)];
        self.open = self
            .cipher
            .decrypt(&nonce(self.number, last), piece)
            .map_err(|_| damaged("a part of it was changed, or it is cut short"))?;
        self.sealed.drain(..self.sealed.len().min(whole));
        (self.number, self.given, self.ended) = (self.number + 1, 0, last);
        Ok(())
    }
}

impl<R: Read> Read for Decrypt<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.open.len() {
            if self.ended {
                return Ok(0);
            }
            self.next()?;
        }
        let rest = &self.open[self.given..];
        let given = rest.len().min(out.len());
        out[..given].copy_from_slice(&rest[..given]);
        self.given += given;
        Ok(given)
    }
}

/// The file's key, if it was wrapped for this one.
fn unwrap(identity: &Identity, share: &[u8], body: &[u8]) -> Option<[u8; 16]> {
    let share: [u8; 32] = bytes_of(share.strip_suffix(b"\n")?)?.try_into().ok()?;
    let body = bytes_of(body.strip_suffix(b"\n")?)?;
    let shared = identity.0.diffie_hellman(&PublicKey::from(share));
    let cipher = wrapping(shared.as_bytes(), &share, &identity.recipient().0);
    let key = cipher.decrypt(&Nonce::from([0; 12]), body.as_slice()).ok()?;
    key.try_into().ok()
}

/// A line with its end.
fn line(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < LONGEST_LINE {
        from.read_exact(&mut byte)?;
        line.push(byte[0]);
        if byte == *b"\n" {
            return Ok(line);
        }
    }
    Err(damaged("its head is none of age"))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as letters, base 64 without padding.
fn letters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..=three.len() {
            let six = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            out.push(char::from(ALPHABET[six]));
        }
    }
    out
}

/// The bytes of such letters.
fn bytes_of(letters: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(letters.len());
    for four in letters.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let six = match four.get(place) {
                Some(letter) => ALPHABET.iter().position(|known| known == letter)?,
                None => 0,
            };
            bits = bits << 6 | u32::try_from(six).ok()?;
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        let whole = four.len().checked_sub(1).filter(|whole| *whole > 0)?;
        if bytes[whole..].iter().any(|rest| *rest != 0) {
            return None;
        }
        out.extend_from_slice(&bytes[..whole]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::{CHUNK, Closed, Decrypt, Encrypt, Identity, bytes_of};

    fn dice(seed: u64) -> impl FnMut(&mut [u8]) {
        let mut dice = fastrand::Rng::with_seed(seed);
        move |bytes: &mut [u8]| dice.fill(bytes)
    }

    fn sealed(content: &[u8], keys: &[&Identity]) -> Vec<u8> {
        let recipients: Vec<_> = keys.iter().map(|key| key.recipient()).collect();
        let mut out = Encrypt::new(Vec::new(), &recipients, &mut dice(9)).expect("begun");
        out.write_all(content).expect("written");
        out.finish().expect("ended")
    }

    fn opened(file: &[u8], key: &Identity) -> Result<Vec<u8>, Closed> {
        let mut content = Vec::new();
        Decrypt::new(file, key)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn each_recipient_reads_what_was_written_and_nobody_else() {
        let mut dice = dice(1);
        let (one, two, other) = (
            Identity::draw(&mut dice),
            Identity::draw(&mut dice),
            Identity::draw(&mut dice),
        );
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let mut content = vec![0; length];
            dice(&mut content);
            let file = sealed(&content, &[&one, &two]);
            for key in [&one, &two] {
                assert!(opened(&file, key).expect("its own") == content, "{length} bytes");
            }
            assert!(matches!(opened(&file, &other), Err(Closed::OtherKey)));
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let key = Identity::draw(&mut dice(2));
        let file = sealed(&vec![7; CHUNK + 40], &[&key]);
        let mut dice = fastrand::Rng::with_seed(3);
        for _ in 0..300 {
            let mut hurt = file.clone();
            hurt[dice.usize(..file.len())] ^= 1 << dice.u8(..8);
            assert!(opened(&hurt, &key).is_err());
            assert!(opened(&file[..dice.usize(..file.len())], &key).is_err());
        }
        // A cut between two pieces is one too.
        let between = file.len() - 40 - 16;
        assert!(opened(&file[..between], &key).is_err());
    }

    /// Written by rage (pyrage 1.4.0) for another key and for this one, with a recipient of no kind in between.
    const BY_ANOTHER: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBrYURIRk1sSFFienpjQVRVckFROW5wNlVZb1VJaHdUR2gybkFx\
        enlMY1VnCmROUDZyaklyc2Fqd3h4UjNTbjRaeTgrT2R4dWRyaGl5N3dPSVpNQkVXbWMKLT4gWDI1NTE5IGhveUhOTGFXUDFEOWc4cTZsZEsxQ3pX\
        T0ZUdUdpdTFLTDZjdE9JdFg4VmcKbTJTVnhvKzdWRjVGWW5OaWg2eFJIYXlGMTU4NkVNVGc0NlZYRUpkZEJ5UQotPiA7J2pkWC1ncmVhc2UgRmU3\
        NExzQzcgb01sZ2M0KTogKCBjMC0KVE5ENnJhL3NUYnJIZDJuME11QWd0d3EwUVowQi96L0ZpZkhjT0ZZdzVlODFaVHJiOGVCNGhUQllzbk5tNXBF\
        SQpUQnJpdmhYMGEvemxjdURtSC9QNTY1YjNHWmpVd2IxN2dCSnYwOEtza2Rwb041bDBlNGpkdDFMU21MSGkKLS0tIGYxN2QwM05TZjdWNUNlR09E\
        R0JZd1puam50M210K0VjTUV2eDNRODltdFUKCT37coL1jAmhPEt8BJWF1I+6Wvp8dBpHWcl1s8Hy+whLB+oXZdPJ0tLmmGs0Xjw";

    #[test]
    fn what_another_program_wrote_is_read() {
        let file = bytes_of(BY_ANOTHER.as_bytes()).expect("letters");
        let content = opened(&file, &Identity::from_bytes([7; 32])).expect("its own");
        assert_eq!(content, b"written by rage");
    }

    #[test]
    fn keys_are_written_as_age_writes_them() {
        let key = Identity::from_bytes([7; 32]);
        let (public, secret) = (key.recipient().text(), key.text());
        assert_eq!(
            public,
            "age1zwlyl6h27gzv0lfntr7fcqrjrzqazap8sy5zylkxwneh7llf0dksu37mwt"
        );
        assert_eq!(
            secret,
            "AGE-SECRET-KEY-1QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSWPC8QURSKMP32K"
        );
    }
}
