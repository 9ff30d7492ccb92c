//! The authority's certificate as a profile, which iPhones and iPads show by name before they take it.

use acts::SafeDoor;
use p256::pkcs8::LineEnding;
use p256::pkcs8::der::pem;

use crate::authority::Fingerprint;
use crate::words::{html, say_with};

/// The profile as XML.
pub(super) fn of(safe: &SafeDoor, place: &str) -> String {
    let fingerprint = Fingerprint::of(&safe.certificate);
    let armoured = pem::encode_string("CERTIFICATE", LineEnding::LF, &safe.certificate).unwrap_or_default();
    let bytes: String = armoured.lines().filter(|line| !line.starts_with("---")).collect();
    let name = html(&format!("{place} ({})", safe.name.local()));
    let explained = html(&say_with(
        "trust-profile",
        [("words", fingerprint.words().join(" ").into())],
    ));
    let (inner, outer) = (fingerprint.uuid(1), fingerprint.uuid(2));
    let mark = format!("hearth.{}", safe.name);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadCertificateFileName</key><string>{mark}.crt</string>
<key>PayloadContent</key><data>{bytes}</data>
<key>PayloadDisplayName</key><string>{name}</string>
<key>PayloadIdentifier</key><string>{mark}.authority</string>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadUUID</key><string>{inner}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></array>
<key>PayloadDescription</key><string>{explained}</string>
<key>PayloadDisplayName</key><string>{name}</string>
<key>PayloadIdentifier</key><string>{mark}</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>{outer}</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>
"#
    )
}

#[cfg(test)]
mod tests {
    use acts::{BoxName, SafeDoor};

    use super::of;

    #[test]
    fn a_profile_holds_the_certificate_and_no_sign_that_breaks_it() {
        let safe = SafeDoor {
            port: 443,
            name: BoxName::first(),
            certificate: vec![7; 90].into(),
        };
        let text = of(&safe, "Oak & <Elm>");
        assert!(
            text.contains("<string>Oak &amp; &lt;Elm&gt; (hearth.local)</string>"),
            "{text}"
        );
        assert!(text.contains("<data>BwcH") && !text.contains("-----"), "{text}");
        let uuid = |key: &str| {
            text.split(key)
                .nth(1)
                .and_then(|rest| rest.split("<string>").nth(1))
                .map(|rest| rest[..36].to_owned())
        };
        let found = uuid("PayloadUUID").expect("one");
        let parts: Vec<usize> = found.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{found}");
    }
}
