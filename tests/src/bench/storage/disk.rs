//! A small disk of its own for a store, so that every byte can be counted that reaches it, the file system's own included:
//! a file as a loop device with ext4. Where that cannot be had, what the kernel counts for the process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::run;

/// As the system mounts a disk by itself.
pub(super) const AS_IT_COMES: &str = "defaults";
/// As the card of the box is to be mounted: what is not synced by itself goes to the journal every five minutes.
pub(super) const AS_THE_BOX: &str = "noatime,commit=300";

/// A folder whose writes are counted.
pub(super) struct Disk {
    folder: PathBuf,
    /// The image file and the name of its device, where there is one.
    block: Option<(PathBuf, String)>,
}

impl Disk {
    /// An empty disk of so many MiB in `place`, mounted in this way. What an earlier run left there is removed.
    pub(super) fn new(place: &Path, name: &str, mebibytes: u64, mounted: &str) -> Result<Self> {
        let folder = place.join(format!("{name}.disk"));
        let image = place.join(format!("{name}.image"));
        fs::create_dir_all(place)?;
        if image.exists() {
            give_back(&folder, &image);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let file = File::create(&image)?;
        file.set_len(mebibytes * 1_024 * 1_024)?;
        drop(file);
        let block = match device(&image, &folder, mounted) {
            Ok(device) => Some((image, device)),
            Err(error) => {
                println!("  no disk of its own for {name} ({error:#}); counting what the process writes");
                fs::remove_file(&image)?;
                None
            }
        };
        Ok(Self { folder, block })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// 1 where it is a disk of its own, 0 where what the kernel counts for the process stands in.
    pub(super) fn own(&self) -> f64 {
        f64::from(u8::from(self.block.is_some()))
    }

    /// Bytes that have reached the disk, with all that waits brought there first; `process` stands in where there is none.
    pub(super) fn written(&self, process: u32) -> Result<f64> {
        if self.block.is_some() {
            rustix::fs::syncfs(File::open(&self.folder)?)?;
        }
        self.written_so_far(process)
    }

    /// The same, and what waits goes on waiting.
    pub(super) fn written_so_far(&self, process: u32) -> Result<f64> {
        let Some((_, device)) = &self.block else {
            let io = fs::read_to_string(format!("/proc/{process}/io"))?;
            let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
            return Ok(line.context("write_bytes")?.parse()?);
        };
        let stat = fs::read_to_string(format!("/sys/block/{device}/stat"))?;
        let sectors: f64 = stat
            .split_whitespace()
            .nth(6)
            .context("sectors written")?
            .parse()?;
        Ok(sectors * 512.0)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Some((image, _)) = &self.block {
            give_back(&self.folder, image);
        }
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Makes a file system in the image and mounts it; gives the name of the device.
fn device(image: &Path, folder: &Path, mounted: &str) -> Result<String> {
    // Everything is laid out at once, so that the kernel need not write any of it later.
    let laid_out = ["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"];
    run(Command::new("mkfs.ext4").args(laid_out).arg(image)).context("mkfs.ext4")?;
    let found = Command::new("losetup")
        .args(["--find", "--show"])
        .arg(image)
        .output()
        .context("losetup")?;
    let device = String::from_utf8(found.stdout)?.trim().to_owned();
    ensure!(
        found.status.success() && !device.is_empty(),
        "there is no loop device"
    );
    if let Err(error) = run(Command::new("mount").args(["-o", mounted, &device]).arg(folder)) {
        run(Command::new("losetup").arg("-d").arg(&device))?;
        return Err(error.context("mount"));
    }
    let name = device.rsplit('/').next().unwrap_or_default();
    Ok(name.to_owned())
}

/// Unmounts, and removes the device and its image. Any of them may be gone already.
fn give_back(folder: &Path, image: &Path) {
    let _ = run(Command::new("umount").arg(folder));
    if let Ok(found) = Command::new("losetup").arg("-j").arg(image).output() {
        for line in String::from_utf8_lossy(&found.stdout).lines() {
            if let Some((device, _)) = line.split_once(':') {
                let _ = run(Command::new("losetup").arg("-d").arg(device));
            }
        }
    }
    let _ = fs::remove_file(image);
}
