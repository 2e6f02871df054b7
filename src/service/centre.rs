//! An opened store with its rules and the operator who works on it.

use super::NotDone;
use super::attachments::Limits;
use super::casebook::Casebook;
use super::heads::Publishing;
use super::learning::{Learner, Memory};
use super::unread::Omitted;
use crate::domain::instant::{Instant, Zone};
use crate::domain::operator::{Operator, Role};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::{Access, Failure, Store, Written};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// A command centre at work: the store, the rules, the operator.
pub struct Centre {
    pub(super) store: Store,
    pub(super) rules: Arc<Rules>,
    pub(super) operator: Operator,
    pub(super) memory: Memory,
    /// Who learns where much is to be learned; this process where there is none.
    pub(super) learner: Option<Learner>,
    pub(super) limits: Limits,
    pub(super) publishing: Publishing,
    pub(super) casebook: Casebook,
    pub(super) omitted: Omitted,
    /// What stands for the rules in the store, once it was asked for: the same all the time.
    pub(super) rules_sign: OnceCell<String>,
}

/// A store that is being opened on a thread of its own; see [`Centre::opening`].
pub struct Opening {
    path: PathBuf,
    access: Access,
    /// None where the system gives no thread: it is opened when it is asked for.
    thread: Option<JoinHandle<Result<Store, Failure>>>,
}

impl Opening {
    /// The centre, once the store is open; see [`Centre::open`].
    ///
    /// # Errors
    /// As [`Centre::open`].
    pub fn with(
        self,
        rules: Arc<Rules>,
        login: &str,
        wanted: Option<&str>,
    ) -> Result<Centre, NotDone> {
        let store = match self.thread {
            Some(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            None => Store::open(&self.path, self.access),
        };
        Centre::over(store?, rules, login, wanted)
    }
}

impl Centre {
    /// Makes a new store; the login that creates it is its owner and holds every role.
    ///
    /// # Errors
    /// [`Failure`] when there is something at the path already, or it cannot be written.
    pub fn create(
        path: &Path,
        rules: Arc<Rules>,
        login: &str,
        now: Instant,
        pinned: bool,
    ) -> Result<Self, Failure> {
        let founder = Operator::founder(login);
        let store = Store::create(path, &founder, now, pinned)?;
        Ok(Self::new(store, rules, founder))
    }

    /// A centre that remembers nothing yet.
    pub(super) fn new(store: Store, rules: Arc<Rules>, operator: Operator) -> Self {
        Self {
            store,
            rules,
            operator,
            memory: Memory::default(),
            learner: None,
            limits: Limits::default(),
            publishing: Publishing::default(),
            casebook: Casebook::default(),
            omitted: Omitted::default(),
            rules_sign: OnceCell::new(),
        }
    }

    /// Begins to open a store: reading the rules takes about as long and can be done meanwhile.
    pub fn opening(path: &Path, access: Access) -> Opening {
        let path = path.to_owned();
        let there = path.clone();
        let thread = thread::Builder::new().spawn(move || Store::open(&there, access));
        Opening {
            path,
            access,
            thread: thread.ok(),
        }
    }

    /// Opens a store for `wanted` (`--as`) or else for the login itself.
    ///
    /// On a shared host the operator is the login; acting as another is for the store's owner and for
    /// logins listed as gateways.
    ///
    /// # Errors
    /// [`NotDone::NotFound`] when there is no such operator, [`NotDone::Refused`] when the login may not
    /// act as another, [`NotDone::Failed`] when the store cannot be opened.
    pub fn open(
        path: &Path,
        access: Access,
        rules: Arc<Rules>,
        login: &str,
        wanted: Option<&str>,
    ) -> Result<Self, NotDone> {
        Self::over(Store::open(path, access)?, rules, login, wanted)
    }

    /// The same over a store that is open already, such as one on a file system the administrator vouches for.
    ///
    /// # Errors
    /// As [`Centre::open`].
    pub fn over(
        store: Store,
        rules: Arc<Rules>,
        login: &str,
        wanted: Option<&str>,
    ) -> Result<Self, NotDone> {
        let operator = who(&store, login, wanted)?;
        Ok(Self::new(store, rules, operator))
    }

    /// Opens the same store once more, for reading, for the same operator: for a thread that computes for long.
    /// Nothing is opened before the opener is called.
    pub fn reader(&self) -> impl FnOnce() -> Result<Self, Failure> + Send + use<> {
        self.opener(Access::ReadOnly)
    }

    /// The same, for writing too when this one is: for a thread that keeps what it has learned.
    pub fn twin(&self) -> impl FnOnce() -> Result<Self, Failure> + Send + use<> {
        self.opener(self.store.access())
    }

    fn opener(&self, access: Access) -> impl FnOnce() -> Result<Self, Failure> + Send + use<> {
        let path = self.path().to_owned();
        let rules = self.shared_rules();
        let operator = self.operator.clone();
        let learner = self.learner.clone();
        move || {
            let store = Store::open_beside(&path, access)?;
            Ok(Self {
                learner,
                ..Self::new(store, rules, operator)
            })
        }
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules, to be shared with another thread.
    pub fn shared_rules(&self) -> Arc<Rules> {
        Arc::clone(&self.rules)
    }

    /// Who works.
    pub fn operator(&self) -> &Operator {
        &self.operator
    }

    /// The zone days are counted in at a moment.
    pub fn zone(&self, now: Instant) -> Zone {
        self.rules.zone(now)
    }

    /// The store's file.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// Whether the store takes no writes.
    pub fn is_read_only(&self) -> bool {
        self.store.access() == Access::ReadOnly
    }

    /// Changes whenever another connection has written: polled by the console.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be asked.
    pub fn data_version(&self) -> Result<i64, Failure> {
        self.store.data_version()
    }

    /// When anybody last wrote, as the WAL's name tells without being opened: cheaper than [`Centre::data_version`], but blind
    /// to a second writing within one tick of the file system's clock. Nothing where it cannot be looked at.
    pub fn last_written(&self) -> Option<Written> {
        self.store.last_written()
    }

    /// Every operator, for the list.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn operators(&self) -> Result<Vec<Operator>, Failure> {
        self.store.operators()
    }

    /// The logins that may act for other operators.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be read.
    pub fn gateways(&self) -> Result<BTreeSet<String>, Failure> {
        self.store.gateways()
    }

    /// Whether the operator administers the centre. Who was turned off does not any more; but the store's owner, whose the
    /// file is, can always come back.
    ///
    /// # Errors
    /// [`NotDone::Refused`] when the operator does not; [`NotDone::Failed`] when the store cannot be read.
    pub(super) fn administrator(&self) -> Result<(), NotDone> {
        if !self.operator.roles.has(Role::Administrator) {
            return Err(Refusal::NeedsAdministrator.into());
        }
        if !self.operator.active && self.store.owner()?.as_ref() != Some(&self.operator.code) {
            return Err(Refusal::OperatorInactive.into());
        }
        Ok(())
    }

    /// Lets a login act for other operators, or no longer; for administrators.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for others, and when it is so already; [`NotDone::Failed`] when it cannot be written.
    pub fn set_gateway(&mut self, login: &str, on: bool, now: Instant) -> Result<(), NotDone> {
        self.administrator()?;
        let by = self.operator.code.clone();
        self.store.write(|tx| {
            let mut logins = tx.gateways()?;
            let changed = if on {
                logins.insert(login.to_owned())
            } else {
                logins.remove(login)
            };
            if !changed {
                return Err(NotDone::Refused(Refusal::NoChange));
            }
            tx.put_gateways(&logins, &by, now).map_err(NotDone::from)
        })
    }

    /// Adds or changes an operator; for administrators.
    ///
    /// # Errors
    /// [`NotDone::Refused`] for others; [`NotDone::Failed`] when it cannot be written.
    pub fn put_operator(&mut self, operator: &Operator, now: Instant) -> Result<(), NotDone> {
        self.administrator()?;
        let by = self.operator.code.clone();
        self.store
            .write(|tx| tx.put_operator(operator, &by, now).map_err(NotDone::from))
    }
}

/// The operator a login works as.
fn who(store: &Store, login: &str, wanted: Option<&str>) -> Result<Operator, NotDone> {
    let wanted = wanted.unwrap_or(login);
    let not_found = || NotDone::NotFound {
        asked: wanted.to_owned(),
    };
    let operator = store.operator(wanted)?.ok_or_else(not_found)?;
    if wanted != login && !may_act_for_others(store, login)? {
        return Err(NotDone::Refused(Refusal::OnlyYourself {
            login: login.to_owned(),
        }));
    }
    Ok(operator)
}

/// The store's owner, and logins listed as gateways. `[issue: on a shared host]`
fn may_act_for_others(store: &Store, login: &str) -> Result<bool, Failure> {
    if store.owner()?.as_deref() == Some(login) {
        return Ok(true);
    }
    Ok(store.gateways()?.contains(login))
}
