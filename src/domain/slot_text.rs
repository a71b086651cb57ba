//! The text of slots, in the store and in the trailers of the bot's commits:
//! the machinery behind the table in `effect`.

use super::objects::{CommentKind, Object, PullKind, Reaction};

/// A text that is no slot of this version's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no slot {0:?}")]
pub struct NoSlot(pub String);

/// What a slot has one of for each of.
pub trait Param: Sized {
    /// Its text behind the slot's name: empty, or with a leading `/`.
    fn write(&self) -> String;
    /// The parameter of that text.
    fn read(text: &str) -> Option<Self>;
}

/// The one of these whose text it is.
fn among<T: Param + Copy>(all: &[T], text: &str) -> Option<T> {
    all.iter().copied().find(|one| one.write() == text)
}

impl Param for Object {
    fn write(&self) -> String {
        format!("/{}", self.slot())
    }

    fn read(text: &str) -> Option<Self> {
        among(Object::ALL, text)
    }
}

impl Param for PullKind {
    fn write(&self) -> String {
        self.part().to_owned()
    }

    fn read(text: &str) -> Option<Self> {
        among(&PullKind::ALL, text)
    }
}

impl Param for CommentKind {
    fn write(&self) -> String {
        format!("/{}", self.name())
    }

    fn read(text: &str) -> Option<Self> {
        CommentKind::from_name(text.strip_prefix('/')?)
    }
}

impl Param for Reaction {
    fn write(&self) -> String {
        format!("/{}", self.word())
    }

    fn read(text: &str) -> Option<Self> {
        among(&Reaction::ALL, text)
    }
}

impl Param for String {
    fn write(&self) -> String {
        format!("/{self}")
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('/')?;
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Param for u64 {
    fn write(&self) -> String {
        format!("/{self}")
    }

    fn read(text: &str) -> Option<Self> {
        text.strip_prefix('/')?.parse().ok()
    }
}

impl<T: Param> Param for (u64, T) {
    fn write(&self) -> String {
        self.0.write() + &self.1.write()
    }

    fn read(text: &str) -> Option<Self> {
        let at = text.rfind('/')?;
        Some((u64::read(text.get(..at)?)?, T::read(text.get(at..)?)?))
    }
}

/// Makes the closed enum of slots from its table: name, parameter, text.
macro_rules! slots {
    ($($(#[$doc:meta])* $Name:ident $(($Param:ty))? = $text:literal;)*) => {
        /// What of a case's line there is only one of at a time.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Slot {
            $($(#[$doc])* $Name $(($Param))?,)*
        }

        impl Slot {
            /// Its name, without parameters.
            pub fn name(&self) -> &'static str {
                match self {
                    $(slots!(@pattern $Name $($Param)?) => $text,)*
                }
            }
        }

        impl std::fmt::Display for Slot {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(slots!(@bind $Name param $($Param)?) =>
                        f.write_str(&slots!(@write $text param $($Param)?)),)*
                }
            }
        }

        impl std::str::FromStr for Slot {
            type Err = $crate::domain::slot_text::NoSlot;

            fn from_str(text: &str) -> Result<Slot, Self::Err> {
                let none: Option<Slot> = None;
                $(
                    let none = none.or_else(|| {
                        let rest = text.strip_prefix($text)?;
                        slots!(@read $Name rest $($Param)?)
                    });
                )*
                none.ok_or_else(|| $crate::domain::slot_text::NoSlot(text.to_owned()))
            }
        }
    };
    (@pattern $Name:ident) => { Slot::$Name };
    (@pattern $Name:ident $Param:ty) => { Slot::$Name(_) };
    (@bind $Name:ident $param:ident) => { Slot::$Name };
    (@bind $Name:ident $param:ident $Param:ty) => { Slot::$Name($param) };
    (@write $text:literal $param:ident) => { $text.to_owned() };
    (@write $text:literal $param:ident $Param:ty) => {
        format!("{}{}", $text, $crate::domain::slot_text::Param::write($param))
    };
    (@read $Name:ident $rest:ident) => { $rest.is_empty().then_some(Slot::$Name) };
    (@read $Name:ident $rest:ident $Param:ty) => {
        <$Param as $crate::domain::slot_text::Param>::read($rest).map(Slot::$Name)
    };
}

pub(super) use slots;
