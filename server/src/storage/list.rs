//! Lists of consultations: the queue, what is open, what a family has had.

use super::{
    ConsultationRow, StorageError, Store,
    log::stored,
    row::{coded, columns, meant_for, number, parsed},
};
use signaling::{
    id::{ConsultationId, GuardianId, MunicipalityId, Seq, StaffId},
    queue::{Place, Rank},
    time::At,
    triage::Acuity,
};
use sqlx::{
    Any, Row as _,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use std::collections::BTreeSet;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM consultations WHERE ", $rest)
    };
}

impl Store {
    /// One consultation's row.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn consultation(&self, id: ConsultationId) -> Result<Option<ConsultationRow>, StorageError> {
        let rows = self.rows(sqlx::query(select!("id = $1")).bind(id.to_string())).await?;
        Ok(rows.into_iter().next())
    }

    /// The queue, first to be called first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting(&self, at: &MunicipalityId, limit: u64) -> Result<Vec<ConsultationRow>, StorageError> {
        let sql = select!("municipality = $1 AND stage = 'waiting' ORDER BY rank, id LIMIT $2");
        self.rows(sqlx::query(sql).bind(at.to_string()).bind(stored(limit)))
            .await
    }

    /// Those who wait before a place, first to be called first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn places_before(
        &self,
        at: &MunicipalityId,
        (rank, id): (Rank, ConsultationId),
        limit: u64,
    ) -> Result<Vec<Place>, StorageError> {
        let sql = "SELECT id, rank, acuity, service, meant_for FROM consultations WHERE municipality = $1 AND stage = 'waiting' \
                   AND (rank < $2 OR (rank = $3 AND id < $4)) ORDER BY rank, id LIMIT $5";
        let query = sqlx::query(sql)
            .bind(at.to_string())
            .bind(rank.0)
            .bind(rank.0)
            .bind(id.to_string());
        self.read_places(query.bind(stored(limit))).await
    }

    /// Ids of those who wait, first to be called first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_ids(&self, at: &MunicipalityId, limit: u64) -> Result<Vec<ConsultationId>, StorageError> {
        let sql = "SELECT id FROM consultations WHERE municipality = $1 AND stage = 'waiting' \
                   ORDER BY rank, id LIMIT $2";
        self.ids(sqlx::query(sql).bind(at.to_string()).bind(stored(limit)))
            .await
    }

    /// Those who wait, first to be called first, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn places(&self, at: &MunicipalityId, limit: u64) -> Result<Vec<Place>, StorageError> {
        let sql = "SELECT id, rank, acuity, service, meant_for FROM consultations WHERE municipality = $1 AND stage = 'waiting' \
                   ORDER BY rank, id LIMIT $2";
        self.read_places(sqlx::query(sql).bind(at.to_string()).bind(stored(limit)))
            .await
    }

    /// The last event of every consultation that is open: what the queue is held against.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_heads(&self, at: &MunicipalityId) -> Result<Vec<(ConsultationId, Seq)>, StorageError> {
        let sql =
            "SELECT id, seq FROM consultations WHERE municipality = $1 AND stage IN ('waiting', 'booked', 'claimed')";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql).bind(at.to_string());
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter()
            .map(|row| Ok((parsed(row, "id")?, number(row, "seq")?)))
            .collect()
    }

    /// How many wait in each class, most urgent first; classes without anybody included.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn waiting_counts(&self, at: &MunicipalityId) -> Result<Vec<(Acuity, u32)>, StorageError> {
        let sql = "SELECT acuity, COUNT(*) AS waiting FROM consultations \
                   WHERE municipality = $1 AND stage = 'waiting' GROUP BY acuity";
        let mut connection = self.read().await?;
        let rows = sqlx::query(sql)
            .bind(at.to_string())
            .fetch_all(&mut *connection)
            .await?;
        let mut counts: Vec<(Acuity, u32)> = Acuity::ALL.iter().map(|&acuity| (acuity, 0)).collect();
        for row in rows {
            let waiting = u32::try_from(row.try_get::<i64, _>("waiting")?).unwrap_or(u32::MAX);
            let word: String = row.try_get("acuity")?;
            if let Some(found) = counts.iter_mut().find(|(acuity, _)| acuity.code() == word) {
                found.1 = waiting;
            }
        }
        Ok(counts)
    }

    /// What clinicians of a municipality have now, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn claimed(&self, at: &MunicipalityId) -> Result<Vec<ConsultationRow>, StorageError> {
        let sql = select!("municipality = $1 AND stage = 'claimed' ORDER BY stage_at, id");
        self.rows(sqlx::query(sql).bind(at.to_string())).await
    }

    /// What is on the supervisors' list, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn overlooked(&self, at: &MunicipalityId) -> Result<Vec<ConsultationRow>, StorageError> {
        let sql = select!("municipality = $1 AND overlooked_at IS NOT NULL ORDER BY overlooked_at, id");
        self.rows(sqlx::query(sql).bind(at.to_string())).await
    }

    /// Clinicians who have a consultation now.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn busy(&self, at: &MunicipalityId) -> Result<BTreeSet<StaffId>, StorageError> {
        let sql = "SELECT DISTINCT claimed_by FROM consultations WHERE municipality = $1 AND stage = 'claimed'";
        let mut connection = self.read().await?;
        let query = sqlx::query(sql).bind(at.to_string());
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter().map(|row| parsed(row, "claimed_by")).collect()
    }

    /// What a clinician has now, longest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn open_of(&self, clinician: StaffId) -> Result<Vec<ConsultationRow>, StorageError> {
        let sql = select!("claimed_by = $1 ORDER BY stage_at, id");
        self.rows(sqlx::query(sql).bind(clinician.to_string())).await
    }

    /// All consultations of a family, newest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_guardian(&self, guardian: GuardianId) -> Result<Vec<ConsultationRow>, StorageError> {
        let sql = select!("guardian = $1 ORDER BY requested_at DESC, id DESC");
        self.rows(sqlx::query(sql).bind(guardian.to_string())).await
    }

    /// How long the latest closed consultations took from the first claim to the end, in seconds; those that ended since
    /// `since`, at most `limit`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn service_seconds(&self, at: &MunicipalityId, since: At, limit: u64) -> Result<Vec<u32>, StorageError> {
        let sql = "SELECT (ended_at - first_claimed_at) / 1000 FROM consultations WHERE municipality = $1 \
                   AND stage = 'closed' AND ended_at >= $2 AND first_claimed_at IS NOT NULL \
                   ORDER BY ended_at DESC LIMIT $3";
        let mut connection = self.read().await?;
        let query = sqlx::query_scalar::<_, i64>(sql).bind(at.to_string()).bind(since.0);
        let seconds = query.bind(stored(limit)).fetch_all(&mut *connection).await?;
        Ok(seconds.into_iter().map(|one| u32::try_from(one).unwrap_or(0)).collect())
    }

    async fn rows(&self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<ConsultationRow>, StorageError> {
        let mut connection = self.read().await?;
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter().map(ConsultationRow::read).collect()
    }

    async fn read_places(&self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<Place>, StorageError> {
        let mut connection = self.read().await?;
        let rows = query.fetch_all(&mut *connection).await?;
        let place = |row: &AnyRow| {
            Ok(Place {
                rank: Rank(row.try_get("rank")?),
                consultation: parsed(row, "id")?,
                acuity: coded(row, "acuity")?,
                service: coded(row, "service")?,
                meant_for: meant_for(row)?,
            })
        };
        rows.iter().map(place).collect()
    }

    async fn ids(&self, query: Query<'_, Any, AnyArguments>) -> Result<Vec<ConsultationId>, StorageError> {
        let mut connection = self.read().await?;
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter().map(|row| parsed(row, "id")).collect()
    }
}
