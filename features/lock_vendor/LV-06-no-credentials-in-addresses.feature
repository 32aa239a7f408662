@LV-06
Feature: Credentials travel in no address

  Scenario: No address carries a secret
    Given the vendor's statement supports at least one function
    Then no address carries a credential
