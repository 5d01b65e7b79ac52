//! The one question that the city counts: 今後も利用したいか.

use crate::intake::coded;

coded!(
    /// The four answers. Satisfaction counts [`Answer::Yes`] alone (top box); the second box is shown apart, never added.
    private Answer {
        Yes = "yes", "そう思う";
        RatherYes = "rather_yes", "どちらかといえばそう思う";
        RatherNo = "rather_no", "どちらかといえばそう思わない";
        No = "no", "そう思わない";
    }
);
