"""Guard rails: what the company does not want in a tenant, as plain Python that a test can call."""

from dataclasses import dataclass
from datetime import timedelta

from pulumi_entra_policies import SigningAlgorithm


@dataclass(frozen=True)
class Rules:
    """What may be declared."""

    longest_access_token: timedelta
    allows_sha1: bool

    def problems(self, algorithm: SigningAlgorithm | None, access_token_lifetime: timedelta | None) -> list[str]:
        """Every rule that is broken, in a sentence each."""
        problems = []
        if algorithm == SigningAlgorithm.RSA_SHA1 and not self.allows_sha1:
            problems.append("SAML tokens are signed with rsa-sha256 in production, not with rsa-sha1")
        if access_token_lifetime and access_token_lifetime > self.longest_access_token:
            allowed = f"access tokens live {self.longest_access_token} here at most"
            problems.append(f"{allowed}, not {access_token_lifetime}")
        return problems


EVERYWHERE = Rules(longest_access_token=timedelta(hours=12), allows_sha1=True)
PRODUCTION = Rules(longest_access_token=timedelta(hours=1), allows_sha1=False)
