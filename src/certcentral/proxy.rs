//! The proxy between this process and the API. The HTTP client takes it from the environment.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

use super::base_url::BaseUrl;
use super::error::Error;

/// Variables that set a proxy for `https`, in the order in which the HTTP client reads them.
const VARIABLES: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Checks the variables that set a proxy, unless the API is on this machine.
///
/// # Errors
///
/// If a value is not the address of a proxy. The HTTP client would ignore it and connect directly.
pub(super) fn check(
    base_url: &BaseUrl,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), Error> {
    if base_url.is_loopback() {
        return Ok(());
    }
    for names in VARIABLES {
        // The first variable that is set counts, even if it is empty.
        let Some((name, value)) = names.iter().find_map(|name| Some((name, variable(name)?)))
        else {
            continue;
        };
        if !value.is_empty() && !is_proxy(&value) {
            // The value is not printed: it may contain a password.
            return Err(Error::Settings(format!(
                "the environment variable {name} is not the address of an http or https proxy, such as \
                 http://proxy.example.com:3128; correct it, or unset it to connect without a proxy"
            )));
        }
    }
    Ok(())
}

fn is_proxy(value: &str) -> bool {
    // The HTTP client assumes http if the scheme is missing.
    let text = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let Ok(url) = text.parse::<Url>() else { return false };
    let matcher = || Matcher::builder().https(value.to_owned()).build();
    matches!(url.scheme(), "http" | "https")
        && "https://certcentral.invalid".parse().is_ok_and(|it| matcher().intercept(&it).is_some())
}

/// The host and port of the proxy for this URL, without user and password.
pub(super) fn proxy_for(base_url: &BaseUrl) -> Option<String> {
    if base_url.is_loopback() {
        return None;
    }
    let proxy = Matcher::from_system().intercept(&base_url.to_string().parse().ok()?)?;
    Some(proxy.uri().authority()?.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_variable_of_a_malformed_proxy() {
        let check = |url: &str, set: &[(&str, &str)]| {
            let variable = |name: &str| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            check(&url.parse().unwrap(), variable).map_err(|error| error.to_string())
        };
        let api = "https://certcentral.invalid/v2";
        for set in [
            &[][..],
            &[("HTTPS_PROXY", "")],
            &[("HTTPS_PROXY", "proxy.example.com:3128")],
            &[("HTTPS_PROXY", "http://user:word@10.0.0.1:3128")],
            &[("https_proxy", "HTTP://proxy.example.com")],
            &[("HTTPS_PROXY", "http://[::1]:3128/"), ("https_proxy", "::")],
            &[("HTTP_PROXY", "not one at all")],
        ] {
            assert_eq!(check(api, set), Ok(()), "{set:?}");
        }
        for (name, value) in [
            ("HTTPS_PROXY", "http://proxy.example.com:port"),
            ("HTTPS_PROXY", "http//proxy.example.com:3128"),
            ("https_proxy", "http://"),
            ("https_proxy", "ftp://s3cret@proxy.example.com"),
            ("HTTPS_PROXY", "socks5://proxy.example.com"),
            ("ALL_PROXY", "a proxy"),
            ("all_proxy", "http://pro xy"),
        ] {
            let error = check(api, &[(name, value)]).expect_err(value);
            assert!(error.contains(&format!("variable {name} is not")), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
            assert_eq!(check("http://127.0.0.1:1/v2", &[(name, value)]), Ok(()));
        }
    }
}
