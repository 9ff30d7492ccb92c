//! Connections over TCP: Modbus TCP itself, or serial frames through a simple serial server.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;

use super::{Connecting, Connector, Framing, Port};

/// How long a connection may take to come up.
const PATIENCE: Duration = Duration::from_secs(5);
/// Silence between serial frames behind a serial server, whose own line nobody here can hear.
const FAR_SILENCE: Duration = Duration::from_millis(20);

/// Opens a TCP connection to `host:port`.
#[derive(Debug, Clone)]
pub struct TcpConnector {
    address: String,
    framing: Framing,
}

impl TcpConnector {
    /// Modbus TCP at `host:port`.
    pub fn modbus(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            framing: Framing::Tcp,
        }
    }

    /// Serial frames over TCP at `host:port`.
    pub fn rtu(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            framing: Framing::RtuOverTcp { silence: FAR_SILENCE },
        }
    }
}

impl Connector for TcpConnector {
    fn describe(&self) -> String {
        match self.framing {
            Framing::Tcp => format!("Modbus TCP at {}", self.address),
            _ => format!("serial frames over TCP at {}", self.address),
        }
    }

    fn framing(&self) -> Framing {
        self.framing
    }

    fn connect(&mut self) -> Connecting<'_> {
        Box::pin(async move {
            let slow = || io::Error::new(io::ErrorKind::TimedOut, "no connection within 5 seconds");
            let stream = tokio::time::timeout(PATIENCE, TcpStream::connect(&self.address))
                .await
                .map_err(|_| slow())??;
            stream.set_nodelay(true)?;
            let port: Box<dyn Port> = Box::new(stream);
            Ok(port)
        })
    }
}
