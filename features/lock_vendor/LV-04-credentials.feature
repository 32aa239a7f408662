@LV-04
Feature: Only valid credentials are accepted

  Scenario: Valid credentials
    When the vendor is called with valid credentials
    Then the call succeeds

  Scenario: No credentials
    When every function is called without credentials
    Then each of those calls is refused for its credentials

  Scenario: Wrong credentials
    When every function is called with each credential wrong in turn
    Then each of those calls is refused for its credentials

  Scenario: A token that has expired
    Given the vendor's tokens expire
    When the vendor is called with a token past its end
    Then the call is refused for its credentials
