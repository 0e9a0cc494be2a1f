"""The terminal's screens (Textual): drafts and words. Every rule is in `pos.core`, every act in `pos.counter`."""
