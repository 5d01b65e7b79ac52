//! Registration: an act of its own, with 合言葉, whom it is about, consents by purpose, and, if they say it, how they heard of it.

use super::{
    Identity, IdentityError,
    rate::FromAddress,
    secret::{keyed, token_text},
};
use crate::storage::{CityRow, NewGuardian, Registered, StorageError};
use axum::http::HeaderMap;
use signaling::{
    id::{CommandId, GuardianId},
    intake::{Fault, FieldFault, IntakeDraft, IntakeField},
    limits,
    registration::{CONSENT_VERSION, Purpose, Reach, comparable},
    subject::Subject,
    time::At,
};

/// The form as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RegistrationForm {
    /// 合言葉.
    pub passphrase: String,
    /// Code of [`Reach`], or nothing.
    pub reach: String,
    /// Code of the institution whose leaflet led here, as its link says it.
    pub institution: String,
    /// Purposes that were ticked.
    pub given: Vec<Purpose>,
    /// Optional recovery answer.
    pub recovery: String,
    /// Whom it is about: `about`, `born`, `due`, `weeks`, `gave_birth`.
    pub draft: IntakeDraft,
}

/// How a registration went.
#[derive(Clone, PartialEq, Eq)]
pub enum Registration {
    /// The family is registered; the token is its browser's credential.
    Done {
        /// Who.
        guardian: GuardianId,
        /// For the cookie.
        token: String,
    },
    /// Fields and what is wrong with them, in the order of the form.
    Wrong(Vec<(String, String)>),
    /// The form is from another time; it must be shown again with a new id.
    Stale,
}

impl Identity {
    /// Registers a family. The same form from the same browser, sent again within ten minutes, gives the same credential:
    /// its token is derived from the form, so that a lost answer can be given again without storing it.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn register(
        &self,
        city: &CityRow,
        command: CommandId,
        form: &RegistrationForm,
        from: FromAddress,
        headers: &HeaderMap,
    ) -> Result<Registration, IdentityError> {
        let now = self.world.now();
        let mut faults = Vec::new();
        match self.passphrase_stands(&city.id, &form.passphrase, from).await? {
            Some(true) => {}
            Some(false) => faults.push(fault(
                "passphrase",
                "合言葉が違います。配られた紙や市のお知らせをご確認ください。",
            )),
            None => faults.push(fault(
                "passphrase",
                "試した回数が多すぎます。15分ほどたってから、もう一度お試しください。",
            )),
        }
        let (subject, reach, recovery) = checked(form, now, &mut faults);
        let (Some(subject), Some(reach), true) = (subject, reach, faults.is_empty()) else {
            return Ok(Registration::Wrong(faults));
        };
        let recovery_hash = match recovery {
            Some(answer) => Some(self.hasher.hash(&self.world, &answer).await?),
            None => None,
        };
        let id = GuardianId(self.world.new_id());
        let profile = serde_json::to_vec(&subject).map_err(|_| IdentityError::Unreadable("subject"))?;
        let token = self.form_token(city, command, form, headers);
        let institution = self.store.institution(&city.id, &form.institution).await?;
        let new = NewGuardian {
            id,
            municipality: city.id.clone(),
            command,
            reach: reach.code(),
            institution: institution.map(|one| one.code),
            profile_sealed: self.rings.profiles.seal(&self.world, &id.to_string(), &profile)?,
            recovery_hash,
            consents: Purpose::ALL
                .iter()
                .map(|purpose| (purpose.code(), CONSENT_VERSION, form.given.contains(purpose)))
                .collect(),
            device: self.device_with(&token, "registration", headers),
            registered_at: now,
        };
        let again_since = At(now.0 - limits::REGISTRATION_AGAIN.0);
        Ok(match self.store.register(new, again_since).await? {
            Registered::New => Registration::Done { guardian: id, token },
            Registered::Again(guardian) => Registration::Done { guardian, token },
            Registered::Stale => Registration::Stale,
        })
    }

    /// Whom the family registered for, to begin an intake with.
    ///
    /// # Errors
    /// The database cannot be read, or the subject does not open.
    pub async fn subject_draft(&self, guardian: GuardianId) -> Result<IntakeDraft, StorageError> {
        let Some(sealed) = self.store.profile_sealed(guardian).await? else {
            return Ok(IntakeDraft::default());
        };
        let opened = self.rings.profiles.open(&guardian.to_string(), &sealed);
        let bytes = opened.map_err(|e| StorageError::unreadable("guardians.profile_sealed", e))?;
        // serde's own words could hold what was written.
        let subject = serde_json::from_slice(&bytes)
            .map_err(|_| StorageError::unreadable("guardians.profile_sealed", "not a subject"))?;
        Ok(draft_of(subject))
    }

    /// Bound to everything that was typed and to the browser: another form with the same id is not the same act.
    fn form_token(&self, city: &CityRow, command: CommandId, form: &RegistrationForm, headers: &HeaderMap) -> String {
        let draft = &form.draft;
        let agent = headers
            .get(axum::http::header::USER_AGENT)
            .map_or(&b""[..], |agent| agent.as_bytes());
        let mut parts: Vec<&[u8]> = vec![city.id.as_str().as_bytes(), command.0.as_bytes(), agent];
        let typed = [
            &form.reach,
            &form.institution,
            &form.recovery,
            &draft.about,
            &draft.born,
            &draft.due,
            &draft.weeks,
            &draft.gave_birth,
        ];
        parts.extend(typed.into_iter().map(String::as_bytes));
        parts.extend(form.given.iter().map(|purpose| purpose.code().as_bytes()));
        token_text(&keyed(&self.rings.device, &parts))
    }
}

/// Checks everything but the 合言葉, noting what is wrong in the order of the form.
fn checked(
    form: &RegistrationForm,
    now: At,
    faults: &mut Vec<(String, String)>,
) -> (Option<Subject>, Option<Reach>, Option<String>) {
    let reach = Reach::from_answer(&form.reach);
    if reach.is_none() {
        faults.push(fault("reach", "どこで知ったかをえらんでください。"));
    }
    let subject = form
        .draft
        .subject(now.date())
        .map_err(|wrong| faults.push(subject_fault(wrong)))
        .ok();
    for purpose in Purpose::ALL
        .iter()
        .filter(|purpose| purpose.is_required() && !form.given.contains(purpose))
    {
        let field = format!("consent_{}", purpose.code());
        faults.push((field, "この同意がないと、相談をお受けできません。".to_owned()));
    }
    let answer = comparable(&form.recovery);
    let length = answer.chars().count();
    if length > limits::RECOVERY_CHARS {
        faults.push(fault("recovery", "60文字までにしてください。"));
    } else if (1..limits::RECOVERY_CHARS_LEAST).contains(&length) {
        faults.push(fault(
            "recovery",
            "2文字以上にしてください。使わないときは空のままにしてください。",
        ));
    }
    (subject, reach, (length > 0).then_some(answer))
}

fn fault(field: &str, text: &str) -> (String, String) {
    (field.to_owned(), text.to_owned())
}

fn subject_fault(wrong: FieldFault) -> (String, String) {
    let field = match wrong.field {
        IntakeField::Born => "born",
        IntakeField::Due => "due",
        IntakeField::GaveBirth => "gave_birth",
        _ => "about",
    };
    let text = match (wrong.fault, wrong.field) {
        (Fault::Missing, IntakeField::About) => "だれについての登録かをえらんでください。",
        (other, field) => other.advice(field),
    };
    fault(field, text)
}

fn draft_of(subject: Subject) -> IntakeDraft {
    let date = |date| signaling::time::DateText(date).to_string();
    let blank = IntakeDraft::default();
    match subject {
        Subject::Child { born } => IntakeDraft {
            about: "child".into(),
            born: born.into(),
            ..blank
        },
        Subject::Pregnant { due } => IntakeDraft {
            about: "pregnant".into(),
            due: date(due),
            ..blank
        },
        Subject::Postpartum { gave_birth } => IntakeDraft {
            about: "postpartum".into(),
            gave_birth: date(gave_birth),
            ..blank
        },
    }
}
