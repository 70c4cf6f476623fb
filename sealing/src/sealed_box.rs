//! Sealed boxes, byte for byte those of libsodium's `crypto_box_seal`.
//!
//! crypto_box 0.9.1 reduces the ephemeral scalar modulo the order of the prime-order subgroup,
//! which gives another shared secret for a public key outside of it. So the box is put together
//! here, from crypto_box's types and constants and the crates that it is made of.

use std::mem;

use blake2::{Blake2b, Digest, digest::consts::U24};
use crypto_box::{KEY_SIZE, PublicKey, SEALBYTES};
use crypto_secretbox::{AeadInPlace, Error, Kdf, KeyInit, XSalsa20Poly1305};
use curve25519_dalek::{EdwardsPoint, MontgomeryPoint, traits::IsIdentity};
use zeroize::{Zeroizing, zeroize_stack};

/// The size of a public key and of an ephemeral secret, in bytes.
pub(crate) const KEY_BYTES: usize = KEY_SIZE;

/// How much longer a sealed box is than its plaintext, in bytes.
pub(crate) const OVERHEAD_BYTES: usize = SEALBYTES;

/// How much stack is wiped after sealing: measured, sealing takes 9 KiB of it, and 64 KiB where
/// nothing is optimized.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 96 } else { 12 } * 1024;

/// A public key that is not of low order.
#[derive(Clone)]
pub(crate) struct Recipient {
    /// The key as it was given: the nonce depends on the encoding, not on the point.
    key: PublicKey,
    /// Multiplied faster than in Montgomery form. A point on the curve's twist has no such form.
    edwards: Option<EdwardsPoint>,
}

impl Recipient {
    /// Returns the recipient with this public key, or `None` if the key is of low order.
    ///
    /// Like libsodium, takes every other encoding: also those that are not canonical, those with
    /// the highest bit set, and those of points on the twist.
    pub(crate) fn new(bytes: [u8; KEY_BYTES]) -> Option<Self> {
        let point = MontgomeryPoint(bytes);
        // The sign does not matter: no multiple's u-coordinate depends on it.
        let edwards = point.to_edwards(0);
        let low_order = match edwards {
            Some(point) => point.is_small_order(),
            // Clamped, this is 2^254, and the twist has no other points of such an order.
            None => point.mul_clamped([0; KEY_BYTES]).is_identity(),
        };
        let key = PublicKey::from_bytes(bytes);
        (!low_order).then_some(Self { key, edwards })
    }

    pub(crate) fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        self.key.as_bytes()
    }

    /// Returns the sealed box of `plaintext` from this ephemeral secret, which must be random and
    /// must not be used again.
    pub(crate) fn seal(
        &self,
        ephemeral: &[u8; KEY_BYTES],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let sealed = self.seal_on_stack(ephemeral, plaintext);
        // The libraries leave the scalar's digits and the cipher's keys there.
        zeroize_stack::<STACK_BYTES>();
        sealed
    }

    /// Not inlined, so that its stack is below the caller's.
    #[inline(never)]
    fn seal_on_stack(
        &self,
        ephemeral: &[u8; KEY_BYTES],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let ephemeral_public = MontgomeryPoint::mul_base_clamped(*ephemeral).to_bytes();
        let shared = Zeroizing::new(self.shared_secret(ephemeral));
        let key = Zeroizing::new(XSalsa20Poly1305::kdf(
            shared.as_bytes().into(),
            &Default::default(),
        ));
        let nonce = Blake2b::<U24>::new()
            .chain_update(ephemeral_public)
            .chain_update(self.as_bytes())
            .finalize();

        let mut sealed = Zeroizing::new(Vec::with_capacity(OVERHEAD_BYTES + plaintext.len()));
        sealed.extend_from_slice(&ephemeral_public);
        sealed.extend_from_slice(&[0; XSalsa20Poly1305::TAG_SIZE]);
        sealed.extend_from_slice(plaintext);
        let (header, text) = sealed.split_at_mut(OVERHEAD_BYTES);
        let tag = XSalsa20Poly1305::new(&key).encrypt_in_place_detached(&nonce, b"", text)?;
        header[KEY_BYTES..].copy_from_slice(&tag);
        Ok(mem::take(&mut *sealed))
    }

    fn shared_secret(&self, ephemeral: &[u8; KEY_BYTES]) -> MontgomeryPoint {
        match &self.edwards {
            Some(point) => point.mul_clamped(*ephemeral).to_montgomery(),
            None => MontgomeryPoint(*self.as_bytes()).mul_clamped(*ephemeral),
        }
    }
}
