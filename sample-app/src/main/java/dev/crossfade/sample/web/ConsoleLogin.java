package dev.crossfade.sample.web;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.user.UserProvider;

/**
 * The login for moving stages in the Togglz console: the user of the settings, in whose name a change is recorded. The
 * rest of the sample, whose data is made up, needs no login.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleLogin {

    private static final String CONSOLE = "/togglz-console/**";
    private static final String OPERATOR = "operator";

    /** The console has its own tokens against forged requests, and admits no change without one. */
    @Bean
    SecurityFilterChain filters(HttpSecurity http) {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(CONSOLE)
                        .hasRole(OPERATOR)
                        .anyRequest()
                        .permitAll())
                .httpBasic(Customizer.withDefaults())
                .csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    UserProvider userProvider() {
        return ConsoleLogin::user;
    }

    private static @Nullable FeatureUser user() {
        Authentication login = SecurityContextHolder.getContext().getAuthentication();
        if (login == null
                || login.getAuthorities().stream().noneMatch(one -> ("ROLE_" + OPERATOR).equals(one.getAuthority()))) {
            return null;
        }
        return new SimpleFeatureUser(login.getName(), true);
    }
}
