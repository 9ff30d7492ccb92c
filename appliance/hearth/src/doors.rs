//! The box's doors: their listeners, the authority in its file, the name, and the addresses of the machine.
//!
//! The authority is made at the first start, since the safe door must be open before anybody can claim the box through
//! it, and made anew when the box is given another name, as it is at the claim: until then nobody has trusted the first.

mod addresses;

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use acts::{BoxName, Doors, SafeDoor};
use web::authority::{Authority, AuthorityError, Certificates};

use crate::state;

/// How long what was found out about the machine's addresses is believed.
const BELIEVED: Duration = Duration::from_secs(10);
/// How long another machine may take to say that a name is its own.
const ASKED_WITHIN: Duration = Duration::from_secs(3);

/// Fills with random bytes.
type Draw = fn(&mut [u8]);

/// What the box knows of its doors. The program has one.
pub struct Keeper {
    file: PathBuf,
    draw: Draw,
    certificates: Option<Arc<Certificates>>,
    open: Mutex<Open>,
}

/// Which doors are open, and what was last told of them.
#[derive(Default)]
struct Open {
    plain: Option<u16>,
    safe: Option<u16>,
    told: Option<(Instant, Arc<Doors>)>,
}

/// Which door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Without encryption.
    Plain,
    /// With it.
    Safe,
}

impl Keeper {
    /// Reads the authority's file, or makes an authority where there is none. One that is damaged stays where it is,
    /// and the safe door stays shut: phones trust it, and another one must not take its place by itself.
    pub fn open(file: PathBuf, draw: Draw) -> Self {
        let certificates = match authority(&file, draw) {
            Ok(authority) => Some(Arc::new(Certificates::new(authority, draw))),
            Err(error) => {
                tracing::error!(file = %file.display(), %error, "the safe door stays shut");
                None
            }
        };
        Self {
            file,
            draw,
            certificates,
            open: Mutex::default(),
        }
    }

    /// The certificates for the safe door, where there are any.
    pub fn certificates(&self) -> Option<Arc<Certificates>> {
        self.certificates.clone()
    }

    /// A door stands open at this port, or is shut.
    pub fn stands(&self, which: Which, port: Option<u16>) {
        let mut open = self.held();
        match which {
            Which::Plain => open.plain = port,
            Which::Safe => open.safe = port,
        }
        open.told = None;
    }

    /// By which doors the box can be reached.
    pub fn doors(&self) -> Arc<Doors> {
        let mut open = self.held();
        if let Some((since, told)) = &open.told
            && since.elapsed() < BELIEVED
        {
            return Arc::clone(told);
        }
        let authority = self
            .certificates
            .as_ref()
            .map(|certificates| certificates.authority());
        let safe = open.safe.zip(authority).map(|(port, authority)| SafeDoor {
            port,
            name: authority.name().clone(),
            certificate: authority.root().into(),
        });
        let doors = Arc::new(Doors {
            plain: open.plain,
            safe,
            addresses: addresses::of_this_machine(),
        });
        open.told = Some((Instant::now(), Arc::clone(&doors)));
        doors
    }

    /// Goes on under this name, with another authority; under the name that it has, nothing changes.
    pub fn take_name(&self, name: &BoxName) -> Result<(), String> {
        let Some(certificates) = &self.certificates else {
            return Err("the safe door is shut, so the box has no name yet. The log says why".to_owned());
        };
        if certificates.authority().name() == name {
            return Ok(());
        }
        let authority = found(name.clone(), self.draw).map_err(|error| error.to_string())?;
        self.keep(&authority)?;
        certificates.replace(authority);
        self.held().told = None;
        tracing::info!(%name, "the box has another name on the network");
        Ok(())
    }

    fn keep(&self, authority: &Authority) -> Result<(), String> {
        keep(&self.file, authority).map_err(|error| {
            let file = self.file.display();
            format!("{file} cannot be written: {error}. The box keeps the name it has")
        })
    }

    fn held(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The authority that the file holds, or a new one for a box without a name.
fn authority(file: &PathBuf, draw: Draw) -> Result<Authority, AuthorityError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Authority::read(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let authority = found(BoxName::first(), draw)?;
            // Where nothing can be kept, this one serves until the end.
            if let Err(error) = keep(file, &authority) {
                tracing::warn!(file = %file.display(), %error, "the box's authority cannot be kept");
            }
            Ok(authority)
        }
        Err(_) => Err(AuthorityError::Damaged("it cannot be read")),
    }
}

fn found(name: BoxName, draw: Draw) -> Result<Authority, AuthorityError> {
    Authority::found(name, &mut |bytes| draw(bytes))
}

fn keep(file: &Path, authority: &Authority) -> Result<(), io::Error> {
    let text = authority.text().map_err(io::Error::other)?;
    state::replace_private(file, &text)
}

/// Whether another machine of the house answers to a name. Where the system knows of no way to ask, nobody does.
pub async fn is_taken(name: &BoxName) -> bool {
    let own = addresses::of_this_machine();
    let others = |found: &IpAddr| !own.contains(found) && addresses::is_of_a_house(found);
    let asked = async {
        for host in name.all() {
            if let Ok(mut found) = tokio::net::lookup_host((host.as_str(), 0)).await
                && found.any(|found| others(&found.ip().to_canonical()))
            {
                return true;
            }
        }
        false
    };
    tokio::time::timeout(ASKED_WITHIN, asked).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::sync::atomic::{AtomicU8, Ordering};

    use acts::BoxName;
    use p256::pkcs8::DecodePrivateKey as _;

    use super::{Keeper, Which};

    /// Draws that the test knows: of the first thirty-two bytes the root key is made.
    fn known(bytes: &mut [u8]) {
        static DRAWN: AtomicU8 = AtomicU8::new(1);
        bytes.fill(DRAWN.fetch_add(1, Ordering::Relaxed));
        bytes[0] = 0x5a;
    }

    fn drawn(bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("random bytes");
    }

    fn name(name: &str) -> BoxName {
        BoxName::parse(name).expect("a name")
    }

    /// All bytes of a folder.
    fn bytes(folder: &Path) -> Vec<u8> {
        let files = std::fs::read_dir(folder).expect("a folder");
        files
            .flat_map(|file| std::fs::read(file.expect("a file").path()).expect("read"))
            .collect()
    }

    #[test]
    fn the_root_key_is_nowhere_on_disk_and_the_other_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("authority.pem");
        let keeper = Keeper::open(file.clone(), known);
        assert_eq!(
            keeper.certificates().expect("an authority").authority().name(),
            &BoxName::first()
        );
        keeper.take_name(&name("oak")).expect("taken");
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let kept = bytes(folder.path());
        let text = String::from_utf8_lossy(&kept).into_owned();
        // Of the two authorities: each draws the root key, its number, the other key, its number.
        let keys: Vec<[u8; 32]> = (1..=12)
            .map(|fill| {
                let mut key = [fill; 32];
                key[0] = 0x5a;
                key
            })
            .collect();
        let block = text.find("-----BEGIN PRIVATE KEY").expect("a block for it");
        let secret = p256::SecretKey::from_pkcs8_pem(&text[block..]).expect("the key that signs for the box");
        let own = secret.to_bytes();
        let used: Vec<usize> = (0..keys.len()).filter(|at| keys[*at] == own[..]).collect();
        assert_eq!(used.len(), 1, "the test knows the keys");
        for (at, key) in keys.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            let stands = kept.windows(32).any(|window| window == key);
            assert!(!stands && !text.to_lowercase().contains(&hex), "draw {at}");
            for block in text.split("-----BEGIN ").skip(1) {
                let body: String = block
                    .lines()
                    .skip(1)
                    .take_while(|line| !line.starts_with("---"))
                    .collect();
                let inner = base64(&body);
                assert!(
                    !inner.windows(32).any(|window| window == key),
                    "draw {at} within a block"
                );
            }
        }
    }

    fn base64(text: &str) -> Vec<u8> {
        let value = |sign: u8| match sign {
            b'A'..=b'Z' => Some(u32::from(sign - b'A')),
            b'a'..=b'z' => Some(u32::from(sign - b'a') + 26),
            b'0'..=b'9' => Some(u32::from(sign - b'0') + 52),
            b'+' => Some(62),
            b'/' => Some(63),
            _ => None,
        };
        let signs: Vec<u32> = text.bytes().filter_map(value).collect();
        signs
            .chunks(4)
            .flat_map(|four| {
                let joined = four.iter().fold(0, |all, six| all << 6 | six) << (6 * (4 - four.len()));
                joined.to_be_bytes()[1..four.len()].to_vec()
            })
            .collect()
    }

    #[test]
    fn the_authority_stays_the_same_until_the_name_is_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("authority.pem");
        let root = |keeper: &Keeper| keeper.certificates().expect("one").authority().root().to_vec();
        let first = root(&Keeper::open(file.clone(), drawn));
        let keeper = Keeper::open(file.clone(), drawn);
        assert_eq!(root(&keeper), first);
        keeper.take_name(&BoxName::first()).expect("nothing changes");
        assert_eq!(root(&keeper), first);
        keeper.take_name(&name("oak")).expect("taken");
        let second = root(&keeper);
        assert_ne!(second, first);
        assert_eq!(root(&Keeper::open(file, drawn)), second);
    }

    #[test]
    fn a_damaged_file_is_left_alone_and_the_safe_door_stays_shut() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, "Name: oak\nrubbish").expect("written");
        let keeper = Keeper::open(file.clone(), drawn);
        keeper.stands(Which::Safe, Some(8443));
        assert!(keeper.certificates().is_none() && keeper.doors().safe.is_none());
        assert!(keeper.take_name(&name("elm")).is_err());
        assert_eq!(
            std::fs::read_to_string(&file).expect("read"),
            "Name: oak\nrubbish"
        );
    }

    #[test]
    fn a_folder_that_takes_nothing_still_has_a_safe_door_for_now() {
        let keeper = Keeper::open("/proc/there-is-no-such-folder/authority.pem".into(), drawn);
        keeper.stands(Which::Safe, Some(8443));
        assert_eq!(keeper.doors().safe.as_ref().map(|safe| safe.port), Some(8443));
        assert!(keeper.take_name(&name("oak")).is_err(), "a name is for ever");
    }
}
