//! A fault proxy on loopback between the integration and a foreign target.
