//! Letters as they leave the box: on paper, as a real browser makes a PDF of its pages and poppler reads it, and as
//! e-mail, as a mail server that others have written takes it.
//!
//! Left out here: the rules (next to the rules), and the pages (`tests/browser`). Chromium, poppler and the Python with
//! aiosmtpd are prepared by `./dev test`.

mod mail;
mod paper;
pub(crate) mod seed;
