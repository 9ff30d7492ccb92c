//! The mail server: entered and switched on or off by a steward.

use members::letters::mail::{NoAddress, SERVER, mail_address, server_name};
use members::letters::{MailServer, Security};
use members::record::{Newer, Opaque};
use members::text;
use units::Instant;

use super::mail_server;
use crate::act::allowed;
use crate::rows::becomes;
use crate::table::ActKind;
use crate::{ActError, Actor, Acts, Told};

/// The mail server as a steward sees it: without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSeen {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept safe.
    pub security: Security,
    /// The account.
    pub user: String,
    /// Whether a password is kept.
    pub has_password: bool,
    /// From which address letters come.
    pub sender: String,
    /// Whether anything goes out.
    pub on: bool,
    /// Since when.
    pub at: Instant,
}

/// What a steward enters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entered {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: String,
    /// How the connection is kept safe, by its word.
    pub security: String,
    /// The account; empty where none is asked for.
    pub user: String,
    /// The password; empty where the one that is kept stays.
    pub password: String,
    /// The address letters come from.
    pub sender: String,
    /// Whether anything goes out.
    pub on: bool,
}

impl Acts {
    /// The mail server, if one was entered.
    pub async fn mail_server(&self, actor: &Actor) -> Result<Option<ServerSeen>, ActError> {
        allowed(actor, ActKind::ChangeMailServer)?;
        let server = self.on_card(|store| Ok(mail_server(store)?)).await?;
        Ok(server.map(|server| ServerSeen {
            host: server.host,
            port: server.port,
            security: server.security,
            user: server.user.unwrap_or_default(),
            has_password: server.password.is_some(),
            sender: server.sender,
            on: server.on,
            at: server.at,
        }))
    }

    /// Whether e-mail goes out, for whoever writes letters.
    pub async fn mail_is_on(&self, actor: &Actor) -> Result<bool, ActError> {
        allowed(actor, ActKind::WriteLetter)?;
        let server = self.on_card(|store| Ok(mail_server(store)?)).await?;
        Ok(server.is_some_and(|server| server.on))
    }

    /// Enters the mail server and switches it on or off.
    pub async fn change_mail_server(&self, actor: &Actor, entered: &Entered) -> Result<(), ActError> {
        allowed(actor, ActKind::ChangeMailServer)?;
        let before = self.on_card(|store| Ok(mail_server(store)?)).await?;
        let after = MailServer {
            by: actor.person(),
            at: self.effects.now(),
            newer: before
                .as_ref()
                .map_or_else(Newer::default, |before| before.newer.clone()),
            ..checked(entered, before.as_ref()).map_err(ActError::BadInput)?
        };
        if let Some(why) = after.unsafe_because() {
            return Err(ActError::BadInput(why.to_owned()));
        }
        let told = Told {
            detail: if after.on { "switched on" } else { "switched off" }.to_owned(),
            ..Told::default()
        };
        let rows = vec![becomes(&SERVER.to_owned(), before.as_ref(), Some(&after))];
        self.keep(actor, ActKind::ChangeMailServer, rows, told).await?;
        self.mail.notify_one();
        Ok(())
    }
}

/// What was entered, if it is good.
fn checked(entered: &Entered, before: Option<&MailServer>) -> Result<MailServer, String> {
    let host = server_name(&entered.host).map_err(|error| format!("The mail server's name: {error}"))?;
    let port = entered.port.trim().parse().ok().filter(|port| *port != 0);
    let port = port.ok_or("The port is a number from 1 to 65535; most servers have 465 or 587")?;
    let security = Security::parse(&entered.security).ok_or("Choose how the connection is kept safe")?;
    let sender = mail_address(&entered.sender).map_err(|error| match error {
        NoAddress::NotOne => "The sender is no e-mail address. Write it like office@example.org".to_owned(),
        other @ NoAddress::Unfit(_) => format!("The sender: {other}"),
    })?;
    let user = text::optional_line(&entered.user, 254).map_err(|error| format!("The account: {error}"))?;
    if entered.password.chars().any(char::is_control) || entered.password.len() > 500 {
        return Err("The password holds a sign that cannot be sent, or is too long".to_owned());
    }
    // A password that was typed for one server is given to no other.
    let stays = before.filter(|before| before.host == host && before.user == user);
    let password = match (&user, entered.password.is_empty()) {
        (None, _) => None,
        (Some(_), false) => Some(Opaque(entered.password.clone().into_bytes())),
        (Some(_), true) => stays.and_then(|before| before.password.clone()),
    };
    if user.is_some() && password.is_none() {
        return Err("Type the account's password: there is none yet for this server and account".to_owned());
    }
    Ok(MailServer {
        host,
        port,
        security,
        user,
        password,
        sender,
        on: entered.on,
        by: None,
        at: Instant::from_millis(0),
        newer: Newer::default(),
    })
}
