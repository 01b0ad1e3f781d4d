"""Token policies for an application of pulumi-azuread, whose resources are taken as they are.

The configuration is pulumi-azuread's as well, and nothing else: `azuread:tenantId`, `azuread:clientId` and so on, or
their ARM_* variables.

Without a tenant: `entra-policies emulator --sign-in` in another terminal says an address, a tenant, a CA bundle, a
client and its secret. pulumi-azuread is pointed there by its metadata host alone, always over https, and its plugin, a
Go program, trusts whom SSL_CERT_FILE names:

    export SSL_CERT_FILE=<caBundle>
    pulumi config set azuread:metadataHost 127.0.0.1:8080
    pulumi config set azuread:tenantId <tenantId>
    pulumi config set azuread:clientId <clientId>
    pulumi config set azuread:clientSecret --secret <clientSecret>
    pulumi config set entra-policies:graphEndpoint https://127.0.0.1:8080
    pulumi config set entra-policies:caBundle <caBundle>

The project's own tests do not run the plugin: they send the emulator the requests that the plugin's public source has
it send, in their order (tests/emulator/azuread.py), and run this program under Pulumi's mocks.
"""

import pulumi
import pulumi_azuread as azuread

import pulumi_entra_policies as entra

MICROSOFT_GRAPH = "00000003-0000-0000-c000-000000000000"
USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"

me = azuread.get_client_config()
portal = azuread.Application(
    "portal",
    display_name="Portal",
    owners=[me.object_id],  # so that Application.ReadWrite.OwnedBy is enough to assign policies to it
    web=azuread.ApplicationWebArgs(redirect_uris=["https://portal.example.com/signed-in"]),
    required_resource_accesses=[
        azuread.ApplicationRequiredResourceAccessArgs(
            resource_app_id=MICROSOFT_GRAPH,
            resource_accesses=[
                azuread.ApplicationRequiredResourceAccessResourceAccessArgs(id=USER_READ, type="Scope"),
            ],
        ),
    ],
    api=azuread.ApplicationApiArgs(
        mapped_claims_enabled=True
    ),  # without it, a claims mapping policy ends in AADSTS50146
)
principal = azuread.ServicePrincipal("portal", client_id=portal.client_id, owners=[me.object_id])
if certificate := pulumi.Config().get("certificate"):  # PEM text: pulumi config set certificate < portal.pem
    azuread.ApplicationCertificate("portal", application_id=portal.id, type="AsymmetricX509Cert", value=certificate)

saml = entra.TokenIssuancePolicy(
    "portal-saml",
    display_name="Portal SAML tokens",
    definition=entra.TokenIssuanceDefinitionArgs(
        saml_token_version="2.0",
        signing_algorithm=entra.SigningAlgorithm.RSA_SHA256,
    ),
)
entra.PolicyAssignment(
    "portal-saml", policy=saml, application_id=portal.id
)  # or portal.object_id, which means the same

claims = entra.ClaimsMappingPolicy(
    "portal-claims",
    display_name="Portal claims",
    definition=entra.ClaimsMappingDefinitionArgs(
        include_basic_claim_set=True,
        claims_schema=[
            entra.ClaimsSchemaEntryArgs(
                source=entra.ClaimSource.USER,
                id="employeeid",
                jwt_claim_type="employee_id",
            ),
        ],
    ),
)
entra.PolicyAssignment("portal-claims", policy=claims, service_principal_id=principal.object_id)

pulumi.export("clientId", portal.client_id)
