//! The base URL of the API.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use super::parse::InvalidSetting;

/// The URL that paths are appended to, without a slash at its end.
///
/// Must use `https`, because requests contain the key. A loopback host may use `http`.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// The US instance.
const DEFAULT: &str = "https://www.digicert.com/services/v2";

impl BaseUrl {
    /// The URL of a path, with a query. The query is encoded here.
    pub(super) fn join<'a>(
        &self,
        path: &str,
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{}", path.trim_start_matches('/')));
        let mut query = query.into_iter().peekable();
        if query.peek().is_some() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// The host for errors, with the port unless it is the default.
    pub(super) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether requests are sent with TLS.
    pub(super) fn has_tls(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the host is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl Default for BaseUrl {
    fn default() -> Self {
        // The constant is a valid URL. Tests cover this.
        #[expect(clippy::unwrap_used, reason = "a constant that tests parse")]
        DEFAULT.parse().unwrap()
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidSetting;

    fn from_str(text: &str) -> Result<Self, InvalidSetting> {
        let rule = |text: &str| Err(InvalidSetting(text.into()));
        let Ok(mut url) = text.parse::<Url>() else {
            return rule("must be an address such as https://www.digicert.com/services/v2");
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return rule("must use https (http only to a loopback host)"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return rule("must not contain a user or a password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return rule("must not contain a query or a fragment");
        }
        let path = url.path().trim_end_matches('/').to_owned();
        if is_digicert(&url) && path != "/services/v2" {
            return rule(
                "must end in /services/v2: https://www.digicert.com/services/v2 for US accounts, \
                 https://certcentral.digicert.eu/services/v2 for EU accounts",
            );
        }
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether the host belongs to DigiCert. On other hosts, such as a gateway, the API may have any path.
fn is_digicert(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    ["digicert.com", "digicert.eu"].into_iter().any(|domain| {
        host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_https_or_loopback_without_query() {
        for (text, shown) in [
            (DEFAULT, DEFAULT),
            (
                "https://certcentral.digicert.eu/services/v2/",
                "https://certcentral.digicert.eu/services/v2",
            ),
            ("http://127.0.0.1:8080/services/v2", "http://127.0.0.1:8080/services/v2"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost/", "http://localhost"),
            ("https://gateway.example.com/digicert", "https://gateway.example.com/digicert"),
            ("https://notdigicert.com/api", "https://notdigicert.com/api"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().map(|url| url.to_string()).as_deref(), Ok(shown));
        }
        for (text, rule) in [
            ("", "must be an address"),
            ("www.digicert.com", "must be an address"),
            ("http://www.digicert.com", "must use https"),
            ("http://localhost.example.com", "must use https"),
            ("http://127.0.0.1.example.com", "must use https"),
            ("file:///etc/passwd", "must use https"),
            ("https://user@example.com", "user"),
            ("https://:word@example.com", "password"),
            ("https://example.com?a=b", "query"),
            ("https://example.com#top", "fragment"),
            (
                "https://certcentral.digicert.eu",
                "must end in /services/v2: https://www.digicert.com",
            ),
            ("https://digicert.com/", "must end in /services/v2"),
            ("https://www.digicert.com./services/v2/account", "must end in /services/v2"),
            ("https://www.digicert.com/v2/", "must end in /services/v2"),
        ] {
            let error = text.parse::<BaseUrl>().expect_err(text).to_string();
            assert!(error.contains(rule), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_path_is_appended_and_a_query_encoded() {
        let base = BaseUrl::default();
        assert_eq!(base.join("/account", []).as_str(), format!("{DEFAULT}/account"));
        assert_eq!(
            base.join("user", [("filters[search]", "%a b&c"), ("limit", "1000")]).as_str(),
            format!("{DEFAULT}/user?filters%5Bsearch%5D=%25a+b%26c&limit=1000"),
        );
        assert_eq!("http://[::1]:9".parse::<BaseUrl>().unwrap().join("a/1", []).path(), "/a/1");
        assert_eq!(base.host(), "www.digicert.com");
    }
}
