//! Statuses: numbered, named, in order of precedence.

/// An enumeration of statuses whose numbers and names are promises.
macro_rules! statuses {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $number:literal $variant:ident $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum $name { $($(#[$doc])* $variant = $number,)* }

        impl $name {
            /// Every status, in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable number.
            #[must_use]
            pub const fn number(self) -> u16 { self as u16 }

            /// The stable name, in snake case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The status with this number.
            #[must_use]
            pub const fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.name()) }
        }
    };
}

pub(crate) use statuses;
