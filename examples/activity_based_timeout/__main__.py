"""Idle web sessions end: in the Azure portal after a quarter of an hour, elsewhere after an hour.

It is for the whole tenant, so it is not assigned but made the organisation's default.
"""

from datetime import timedelta

import pulumi

import pulumi_entra_policies as entra

AZURE_PORTAL = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"

idle = entra.ActivityBasedTimeoutPolicy(
    "idle",
    display_name="Idle web sessions end",
    definition=entra.ActivityBasedTimeoutDefinitionArgs(
        application_policies=[
            entra.ApplicationTimeoutArgs(application_id="default", web_session_idle_timeout=timedelta(hours=1)),
            entra.ApplicationTimeoutArgs(application_id=AZURE_PORTAL, web_session_idle_timeout=timedelta(minutes=15)),
        ],
    ),
    is_organization_default=True,
)

pulumi.export("policyId", idle.id)
pulumi.export("definition", idle.definition_json)
