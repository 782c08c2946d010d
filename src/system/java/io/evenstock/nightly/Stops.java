package io.evenstock.nightly;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Where the proofs may stop a node; put on the product's beans by {@link StopsExtension}, in no WAR but the proofs'. */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Stops {
    /** For the extension. */
    final class Here extends AnnotationLiteral<Stops> implements Stops {
        private static final long serialVersionUID = 1L;
    }
}
