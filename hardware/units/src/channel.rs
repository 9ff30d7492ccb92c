//! Names of devices and of what they measure. A channel is `device/point`, as in `grid-meter/power`.

use std::fmt;
use std::sync::Arc;

/// The longest name that is allowed, in letters.
const LONGEST: usize = 40;

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameError {
    /// There is nothing in it.
    Empty,
    /// It is longer than 40 letters.
    TooLong,
    /// It holds this character, which is not allowed.
    Character(char),
    /// A channel needs exactly one `/` between device and point.
    NotAChannel,
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty; give it at least one letter"),
            Self::TooLong => write!(f, "the name is longer than {LONGEST} letters; shorten it"),
            Self::Character(c) => {
                write!(
                    f,
                    "the name holds {c:?}; use small letters a-z, digits, - and _, as in grid-meter"
                )
            }
            Self::NotAChannel => f.write_str("a channel is written device/point, as in grid-meter/power"),
        }
    }
}

/// Checks the letters that names of devices, points and households share.
pub(crate) fn check_word(word: &str) -> Result<(), NameError> {
    if word.is_empty() {
        return Err(NameError::Empty);
    }
    if word.len() > LONGEST {
        return Err(NameError::TooLong);
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    match word.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(NameError::Character(c)),
        None => Ok(()),
    }
}

/// The name of a device in `site.toml`, such as `grid-meter`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceName(Arc<str>);

/// The name of one value of a device in its profile, such as `voltage_l1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointName(Arc<str>);

/// One value of one device over time: `device/point`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Arc<str>);

impl DeviceName {
    /// The device called `word`; small letters, digits, `-` and `_`, at most 40.
    pub fn parse(word: &str) -> Result<Self, NameError> {
        check_word(word).map(|()| Self(word.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PointName {
    /// The point called `word`; small letters, digits, `-` and `_`, at most 40.
    pub fn parse(word: &str) -> Result<Self, NameError> {
        check_word(word).map(|()| Self(word.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Channel {
    /// The channel of `point` on `device`.
    pub fn new(device: &DeviceName, point: &PointName) -> Self {
        Self(format!("{}/{}", device.0, point.0).into())
    }

    /// Reads `device/point`.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (device, point) = text.split_once('/').ok_or(NameError::NotAChannel)?;
        check_word(device)?;
        check_word(point)?;
        Ok(Self(text.into()))
    }

    /// The device's part of the name.
    pub fn device(&self) -> &str {
        self.0.split_once('/').map_or("", |parts| parts.0)
    }

    /// The point's part of the name.
    pub fn point(&self) -> &str {
        self.0.split_once('/').map_or("", |parts| parts.1)
    }

    /// The whole name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Channel, DeviceName, NameError, PointName};

    #[test]
    fn a_channel_is_device_and_point() {
        let channel = Channel::parse("grid-meter/voltage_l1").expect("a good name");
        assert_eq!((channel.device(), channel.point()), ("grid-meter", "voltage_l1"));
        let device = DeviceName::parse("grid-meter").expect("a good name");
        let point = PointName::parse("voltage_l1").expect("a good name");
        assert_eq!(Channel::new(&device, &point), channel);
    }

    #[test]
    fn bad_names_are_refused_with_the_reason() {
        assert_eq!(DeviceName::parse(""), Err(NameError::Empty));
        assert_eq!(DeviceName::parse("Grid"), Err(NameError::Character('G')));
        assert_eq!(DeviceName::parse(&"a".repeat(41)), Err(NameError::TooLong));
        assert_eq!(Channel::parse("power"), Err(NameError::NotAChannel));
        assert_eq!(Channel::parse("a/b/c"), Err(NameError::Character('/')));
    }
}
