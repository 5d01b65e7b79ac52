//! TLS by rustls: from files, read again on SIGHUP; and for a demo on the local network a certificate authority of its own.

use crate::config::TlsFiles;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read or holds no certificate or key.
    #[error("the certificate or key cannot be used: {0}")]
    Files(#[from] std::io::Error),
    /// A certificate cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
}

/// Chooses the cryptography of this process. Called once, before anything uses TLS.
pub fn choose_cryptography() {
    // An error means that it was chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// TLS from PEM files. The returned configuration can be read again from the files.
///
/// # Errors
/// The files cannot be used.
pub async fn from_files(files: &TlsFiles) -> Result<RustlsConfig, TlsError> {
    Ok(RustlsConfig::from_pem_file(&files.certificate, &files.key).await?)
}

/// Reads the files again on every SIGHUP; a bad file leaves the old certificate in use. SIGHUP is caught from the call on,
/// not only from the first poll: an early one would end the process.
///
/// # Errors
/// The signal cannot be caught.
pub fn reload_on_hangup(
    tls: RustlsConfig,
    files: TlsFiles,
) -> Result<impl Future<Output = ()> + Send + 'static, TlsError> {
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
    Ok(async move {
        while hangup.recv().await.is_some() {
            match tls.reload_from_pem_file(&files.certificate, &files.key).await {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => {
                    tracing::error!(%error, "the certificate could not be read again; the old one stays in use");
                }
            }
        }
    })
}

/// Where a demo's own authority lives.
#[derive(Clone, Debug)]
pub struct LocalAuthority {
    /// The authority's certificate (PEM), for phones to trust.
    pub authority: PathBuf,
    /// The server's certificate and key.
    pub server: TlsFiles,
}

/// Makes, or keeps, a certificate authority in `dir`, and a certificate for `address` and the demo's names.
///
/// # Errors
/// Files cannot be written, or a certificate cannot be made.
pub fn local_authority(dir: &Path, address: IpAddr, names: &[String]) -> Result<LocalAuthority, TlsError> {
    let authority = dir.join("local-ca.pem");
    let authority_key = dir.join("local-ca.key");
    if !authority.exists() || !authority_key.exists() {
        let key = KeyPair::generate()?;
        let certificate = authority_params().self_signed(&key)?;
        crate::files::write_private(&authority_key, key.serialize_pem().as_bytes())?;
        std::fs::write(&authority, certificate.pem())?;
    }
    let key = KeyPair::from_pem(&std::fs::read_to_string(&authority_key)?)?;
    let issuer = Issuer::new(authority_params(), key);

    let mut subjects = vec![address.to_string(), "localhost".to_owned()];
    subjects.extend(names.iter().cloned());
    let mut params = CertificateParams::new(subjects)?;
    params.distinguished_name = name("Soudan demo");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server_key = KeyPair::generate()?;
    let certificate = params.signed_by(&server_key, &issuer)?;
    let server = TlsFiles {
        certificate: dir.join("local-server.pem"),
        key: dir.join("local-server.key"),
    };
    crate::files::write_private(&server.key, server_key.serialize_pem().as_bytes())?;
    std::fs::write(&server.certificate, certificate.pem())?;
    Ok(LocalAuthority { authority, server })
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name("Soudan demo authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}
