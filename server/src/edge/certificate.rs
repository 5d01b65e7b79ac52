//! The certificate, which can be exchanged while connections run.

use super::first::{HTTP_1, HTTP_2, TURN};
use crate::config::TlsFiles;
use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::sync::Arc;

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file.
    #[error("the certificate or key cannot be read: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// What it holds: no key of a known kind, or one that does not belong to the certificate.
    #[error("the certificate and key cannot be used: {0}")]
    Tls(#[from] rustls::Error),
}

/// The certificate in use.
#[derive(Debug)]
pub(super) struct Certificate(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl Certificate {
    pub(super) fn read(files: &TlsFiles) -> Result<Arc<Self>, CertificateError> {
        Ok(Arc::new(Self(ArcSwap::from_pointee(from_files(files)?))))
    }

    /// Reads the files again; what cannot be used leaves the old certificate in use.
    pub(super) fn reload(&self, files: &TlsFiles) -> Result<(), CertificateError> {
        self.0.store(Arc::new(from_files(files)?));
        Ok(())
    }

    /// Does so on every SIGHUP.
    pub(super) async fn reload_on_hangup(self: Arc<Self>, files: TlsFiles) {
        let Ok(mut hangup) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) else {
            return std::future::pending().await;
        };
        while hangup.recv().await.is_some() {
            match self.reload(&files) {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(%error, "the certificate stays the old one"),
            }
        }
    }

    /// How TLS is spoken with it. A client that offers only names that are not in the list is refused; one without a name is not.
    pub(super) fn config(self: &Arc<Self>) -> Result<Arc<ServerConfig>, CertificateError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        // By our order: who names TURN among others (coturn's own tool does) wants TURN; browsers name it for no page.
        config.alpn_protocols = [TURN, HTTP_2, HTTP_1].map(<[u8]>::to_vec).to_vec();
        Ok(Arc::new(config))
    }
}

/// `from_der` checks that the key belongs to the certificate.
fn from_files(files: &TlsFiles) -> Result<CertifiedKey, CertificateError> {
    let chain = CertificateDer::pem_file_iter(&files.certificate)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(&files.key)?;
    Ok(CertifiedKey::from_der(chain, key, &default_provider())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn write(dir: &Path, certificate: &str, key: &str) -> TlsFiles {
        let files = TlsFiles {
            certificate: dir.join("certificate.pem"),
            key: dir.join("key.pem"),
        };
        std::fs::write(&files.certificate, certificate).unwrap();
        std::fs::write(&files.key, key).unwrap();
        files
    }

    #[test]
    fn a_renewed_certificate_is_taken_and_half_of_one_is_not() {
        let make = || rcgen::generate_simple_self_signed(vec!["desk.test".to_owned()]).unwrap();
        let (old, new) = (make(), make());
        let dir = tempfile::tempdir().unwrap();
        let files = write(dir.path(), &old.cert.pem(), &old.signing_key.serialize_pem());
        let certificate = Certificate::read(&files).unwrap();
        let in_use = || certificate.0.load().cert[0].clone();
        assert_eq!(&in_use(), old.cert.der());

        let half = write(dir.path(), &new.cert.pem(), &old.signing_key.serialize_pem());
        assert!(certificate.reload(&half).is_err());
        assert_eq!(&in_use(), old.cert.der());

        let whole = write(dir.path(), &new.cert.pem(), &new.signing_key.serialize_pem());
        certificate.reload(&whole).unwrap();
        assert_eq!(&in_use(), new.cert.der());
    }
}
