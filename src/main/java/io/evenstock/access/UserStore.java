package io.evenstock.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Optional;
import java.util.Set;

/**
 * For Jakarta Security: the users of the console, each in the group that is called like the role. It asks for the method that
 * takes the credential's own class.
 */
@ApplicationScoped
public class UserStore implements IdentityStore {
    @Inject
    Users users;

    @Inject
    Passwords passwords;

    /** Called by the server for a name and a password. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        Optional<Users.Known> known =
                users.known(credential.getCaller()).filter(each -> !each.user().disabled());
        char[] password = credential.getPassword().getValue();
        boolean right = known.map(each -> passwords.right(password, each.password()))
                .orElseGet(() -> passwords.wrong(password));
        return known.filter(each -> right)
                .map(each -> new CredentialValidationResult(
                        each.user().name(), Set.of(each.user().role().text())))
                .orElse(CredentialValidationResult.INVALID_RESULT);
    }

    /** Called by the server for whoever the identity provider has told and {@link OpenId} has believed. */
    public CredentialValidationResult validate(ProvenUser credential) {
        return new CredentialValidationResult(
                credential.user().name(), Set.of(credential.user().role().text()));
    }
}
