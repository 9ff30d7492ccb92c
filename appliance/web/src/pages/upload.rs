//! A form with a file: its fields and the file, read as they come in, within limits of their own.
//!
//! The rest of the box takes small forms only and reads them before anybody is asked who they are. A file is read by
//! the handler, after it knows who sends it, and two at a time.

use std::collections::BTreeMap;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Response};
use members::sheet::FILE_BYTES;

use crate::App;
use crate::error::PageError;
use crate::words::{say, say_with};

/// The most bytes of a whole form with a file.
pub(crate) const FORM_BYTES: usize = FILE_BYTES + (64 << 10);
/// The longest field beside the file.
const FIELD_BYTES: usize = 8 << 10;
/// The most fields.
const FIELDS: usize = 20;

/// What came in.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    /// The fields by their names.
    fields: BTreeMap<String, String>,
    /// The file's name on the device it comes from.
    pub(crate) file_name: String,
    /// What is in the file.
    pub(crate) file: Vec<u8>,
}

impl Upload {
    /// A field; empty where it was not sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    async fn read(mut form: Multipart) -> Result<Self, PageError> {
        let mut upload = Self::default();
        while let Some(field) = form.next_field().await.map_err(damaged)? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name() {
                upload.file_name = file.to_owned();
                upload.file = bytes(field, FILE_BYTES).await?;
                continue;
            }
            if upload.fields.len() >= FIELDS {
                return Err(PageError::BadQuestion(say("upload-damaged")));
            }
            let text = bytes(field, FIELD_BYTES).await?;
            upload
                .fields
                .insert(name, String::from_utf8_lossy(&text).into_owned());
        }
        if upload.file.is_empty() {
            return Err(PageError::BadQuestion(say("upload-none")));
        }
        Ok(upload)
    }
}

/// The bytes of a field, refused as soon as they are too many.
async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(damaged)? {
        if bytes.len() + chunk.len() > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn too_large() -> PageError {
    PageError::TooLarge(say_with(
        "upload-too-large",
        [("most", (FILE_BYTES >> 20).to_string().into())],
    ))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is handed over by the call that failed"
)]
fn damaged(error: MultipartError) -> PageError {
    tracing::debug!(%error, "a form with a file could not be read");
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    PageError::BadQuestion(say("upload-damaged"))
}

impl FromRequest<App> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        // The turns are never closed.
        let turn = app.uploads.acquire().await;
        let form = Multipart::from_request(request, app).await;
        let form = form.map_err(|_| PageError::BadQuestion(say("upload-damaged")).into_response())?;
        let read = Self::read(form).await.map_err(IntoResponse::into_response);
        drop(turn);
        read
    }
}
