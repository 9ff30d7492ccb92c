//! The frame around every page: the place's name, the ways to the other pages, the foot.

use acts::Look;

use super::{Theme, Visit};
use crate::urls;

/// Which part of the box a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    /// Energy now and over time.
    Energy,
    /// The devices.
    Devices,
    /// The box itself.
    TheBox,
    /// The members' book.
    Members,
    /// One's own account, or the way in.
    Own,
    /// None of them: an error.
    Nowhere,
}

/// What the frame needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The name of the place.
    pub(crate) place: String,
    /// Where in the box one is.
    pub(crate) here: Here,
    /// Light, dark, or as the device has it.
    pub(crate) theme: Theme,
    /// Where to come back to after a choice in the foot.
    pub(crate) back: String,
    /// Whether the browser has the cookie of somebody signed in.
    pub(crate) signed_in: bool,
    /// Whether the page goes through the plain door, where there are no forms.
    pub(crate) plain: bool,
    /// Where one signs in.
    pub(crate) sign_in: String,
}

impl Layout {
    /// The frame for this visit.
    pub(crate) fn new(look: &Look, visit: &Visit, here: Here) -> Self {
        Self {
            place: look.place().name.clone(),
            here,
            theme: visit.theme,
            back: visit.path.clone(),
            signed_in: visit.signed_in,
            plain: visit.door.is_plain(),
            sign_in: visit.door.leads_to(urls::SIGN_IN),
        }
    }

    /// `page` where `here` is the part of the box one is in: marks its way.
    fn current(&self, here: Here) -> &'static str {
        if self.here == here {
            " aria-current=\"page\""
        } else {
            ""
        }
    }

    /// Marks the way to the energy pages.
    pub(crate) fn energy(&self) -> &'static str {
        self.current(Here::Energy)
    }

    /// Marks the way to the devices.
    pub(crate) fn devices(&self) -> &'static str {
        self.current(Here::Devices)
    }

    /// Marks the way to the box.
    pub(crate) fn the_box(&self) -> &'static str {
        self.current(Here::TheBox)
    }

    /// Marks the way to the members' book.
    pub(crate) fn members(&self) -> &'static str {
        self.current(Here::Members)
    }

    /// Marks the way to one's own account.
    pub(crate) fn own(&self) -> &'static str {
        self.current(Here::Own)
    }

    /// The address of a file that belongs to the program.
    pub(crate) fn file(&self, name: &str) -> &'static str {
        urls::file(name)
    }

    /// A frame to try pages with.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            place: "Easton Community Centre".to_owned(),
            here: Here::Energy,
            theme: Theme::AsTheDevice,
            back: "/".to_owned(),
            signed_in: true,
            plain: false,
            sign_in: urls::SIGN_IN.to_owned(),
        }
    }
}
