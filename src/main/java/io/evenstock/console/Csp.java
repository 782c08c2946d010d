package io.evenstock.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.primefaces.context.PrimeFacesContext;

/** The page's nonce: only scripts that bear it run, and each form sends it back. */
@Named
@RequestScoped
public class Csp {
    @Inject
    FacesContext faces;

    public String getNonce() {
        return PrimeFacesContext.getCspState(faces).getNonce();
    }
}
