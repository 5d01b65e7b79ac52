//! Who acts, and who looks.

use crate::id::{ConsultationId, GuardianId, MunicipalityId, Seq, StaffId};
use serde::{Deserialize, Serialize};

/// What a member of staff is here to do. The professions of clinicians differ in what they may say
/// (遠隔健康医療相談: a doctor may give individual advice, a midwife general information; MHLW 指針).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 小児科医.
    Pediatrician,
    /// 産婦人科医.
    Obstetrician,
    /// 助産師.
    Midwife,
    /// 監督者: answers for quality, sees every consultation of the municipality, each look audited.
    Supervisor,
    /// 保健師 of the city: receives what families consented to have handed to her; no cases, no figures.
    PublicHealthNurse,
    /// 自治体職員: counts only, small cells masked, no cases.
    CityViewer,
    /// 管理者: settings and accounts, no cases.
    Administrator,
}

impl Role {
    /// Every role, as the desk comes to know them.
    pub const ALL: [Self; 7] = [
        Self::Pediatrician,
        Self::Obstetrician,
        Self::Midwife,
        Self::Supervisor,
        Self::PublicHealthNurse,
        Self::CityViewer,
        Self::Administrator,
    ];

    /// Whether this role talks with families.
    #[must_use]
    pub fn is_clinician(self) -> bool {
        matches!(self, Self::Pediatrician | Self::Obstetrician | Self::Midwife)
    }

    /// Whether this role is a doctor.
    #[must_use]
    pub fn is_doctor(self) -> bool {
        matches!(self, Self::Pediatrician | Self::Obstetrician)
    }

    /// The role as people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pediatrician => "小児科医",
            Self::Obstetrician => "産婦人科医",
            Self::Midwife => "助産師",
            Self::Supervisor => "監督者",
            Self::PublicHealthNurse => "保健師",
            Self::CityViewer => "自治体閲覧者",
            Self::Administrator => "管理者",
        }
    }

    /// How a family addresses this role after the name: 佐藤 医師.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Pediatrician | Self::Obstetrician => "医師",
            Self::Midwife => "助産師",
            Self::PublicHealthNurse => "保健師",
            _ => "",
        }
    }

    /// The stable code, as stored and sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pediatrician => "pediatrician",
            Self::Obstetrician => "obstetrician",
            Self::Midwife => "midwife",
            Self::Supervisor => "supervisor",
            Self::PublicHealthNurse => "public_health_nurse",
            Self::CityViewer => "city_viewer",
            Self::Administrator => "administrator",
        }
    }

    /// Reads [`Role::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A member of staff as events remember them: the name stays what it was when they acted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Staff {
    /// The account.
    pub id: StaffId,
    /// The name shown to families and colleagues ("佐藤").
    pub name: String,
    /// What they are here to do.
    pub role: Role,
}

impl Staff {
    /// 「佐藤 医師」.
    #[must_use]
    pub fn addressed(&self) -> String {
        match self.role.title() {
            "" => self.name.clone(),
            title => format!("{} {title}", self.name),
        }
    }
}

/// Who sends a command. Always established by the server from a credential, never taken from a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "actor", rename_all = "snake_case")]
pub enum Actor {
    /// A family, by the credential of one of its devices.
    Guardian {
        /// Whose credential.
        id: GuardianId,
    },
    /// A signed-in member of staff.
    Staff(Staff),
    /// Somebody who was invited to a call, by the credential of that one seat.
    Guest {
        /// To which consultation. Whether it is the one that a command names is the server's to check.
        consultation: ConsultationId,
        /// The number of the invitation.
        invite: Seq,
    },
    /// A due timer.
    System,
}

impl Actor {
    /// The key under which this actor's command ids are unique.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Guardian { id } => format!("guardian:{id}"),
            Self::Staff(staff) => format!("staff:{}", staff.id),
            Self::Guest { consultation, invite } => format!("guest:{consultation}:{invite}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The clinician who acts, if it is one.
    #[must_use]
    pub fn clinician(&self) -> Option<&Staff> {
        match self {
            Self::Staff(staff) if staff.role.is_clinician() => Some(staff),
            _ => None,
        }
    }
}

/// Who looks at a consultation. Cases are open to the family, to clinicians and to supervisors of the municipality only;
/// other roles have no viewer at all, so nothing can be shown to them by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// The family whose consultation it is.
    Guardian(GuardianId),
    /// A clinician on the desk.
    Clinician(StaffId),
    /// A supervisor.
    Supervisor(StaffId),
    /// Somebody who was invited to the call: sees who is in it and nothing else.
    Guest {
        /// The number of the invitation.
        invite: Seq,
    },
}

impl Viewer {
    /// The viewer that a signed-in member of staff is, if cases are open to the role.
    #[must_use]
    pub fn of_staff(staff: &Staff) -> Option<Self> {
        match staff.role {
            Role::Supervisor => Some(Self::Supervisor(staff.id)),
            role if role.is_clinician() => Some(Self::Clinician(staff.id)),
            _ => None,
        }
    }

    /// Whether this is somebody of the desk.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        matches!(self, Self::Clinician(_) | Self::Supervisor(_))
    }
}

/// A signed-in member of staff with the municipality that every one of their queries is scoped by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffActor {
    /// Who.
    pub staff: Staff,
    /// Where.
    pub municipality: MunicipalityId,
}
